/** Who owns a vehicle, as a registry says. */
export interface VehicleOwner {
  readonly name: string;
  readonly phone: string | null;
  readonly address: string | null;
}

/** Looks up owners. Asked only once a person has confirmed the plate; what it answers is not kept. */
export interface VehicleRegistry {
  /** Null: it knows no such vehicle. Throws when it cannot say. */
  findOwner(plate: string): Promise<VehicleOwner | null>;
}

/** No registry is connected: nobody is found. */
export const noVehicleRegistry: VehicleRegistry = { findOwner: () => Promise.resolve(null) };
