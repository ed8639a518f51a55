import { AppError } from "../../pipeline/domain/errors.ts";

/** A server of ours (PostgreSQL, Redis) did not start or did not stop. */
export class ServiceError extends AppError {
  readonly code = "service.failed";
}

/** Another living program already keeps its data in this folder. */
export class FolderInUseError extends AppError {
  readonly code = "service.folder_in_use";
}
