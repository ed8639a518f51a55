/** A step of the preparation does not suit this graph; the message says why. The plain path is used instead. */
export class UnsuitableGraphError extends Error {}
