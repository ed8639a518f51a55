import { AppError } from "../../domain/errors.ts";

/** A model of another format could not be turned into ONNX; the message names the file or the node. */
export class ModelConversionError extends AppError {
  readonly code = "model.conversion_failed";
}
