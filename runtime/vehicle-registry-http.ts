import { z } from "zod";
import { AppError } from "../pipeline/domain/errors.ts";
import type { VehicleOwner, VehicleRegistry } from "./vehicle-registry.ts";

/** The registry does not answer, or not in a way that can be read. */
export class VehicleRegistryError extends AppError {
  readonly code = "registry.unavailable";
  override readonly retryable = true;
}

export interface HttpRegistryOptions {
  readonly url: string;
  /** Sent as a bearer token. */
  readonly token?: string;
  readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 5_000;

const answer = z.object({
  name: z.string().trim().min(1),
  phone: z.string().trim().min(1).nullish(),
  address: z.string().trim().min(1).nullish(),
});

/**
 * A registry behind HTTP: POST `{plate}`, answered by `{name, phone?, address?}`, or 404 for a vehicle it does not know.
 * The plate goes in the body: addresses end up in logs.
 */
export function httpVehicleRegistry(options: HttpRegistryOptions): VehicleRegistry {
  const { url, token, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  return {
    async findOwner(plate): Promise<VehicleOwner | null> {
      const response = await fetch(url, {
        method: "POST",
        redirect: "error",
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          "content-type": "application/json",
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify({ plate }),
      }).catch((cause: unknown) => {
        throw new VehicleRegistryError("The vehicle registry does not answer.", { cause });
      });
      if (response.status === 404) {
        await response.body?.cancel();
        return null;
      }
      if (!response.ok) {
        await response.body?.cancel();
        throw new VehicleRegistryError(`The vehicle registry answered ${response.status}.`);
      }
      const owner = answer.safeParse(await response.json().catch(() => null));
      if (!owner.success) throw new VehicleRegistryError("The vehicle registry's answer cannot be read.");
      const { name, phone = null, address = null } = owner.data;
      return { name, phone, address };
    },
  };
}
