import { AppError } from "../../pipeline/domain/errors.ts";

/** A stored file is not what was written: changed, cut, extended, put in another's place, or under another key. */
export class ObjectDamagedError extends AppError {
  readonly code = "store.object_damaged";
}

/** The site's key-encryption keys cannot be used: readable by others, damaged, or the one that is needed is not there. */
export class ObjectKeyError extends AppError {
  readonly code = "store.object_key_unusable";
}

/** The bundle's own key was destroyed when its deletion was decided: nobody can read its originals any more. */
export class ObjectShreddedError extends AppError {
  readonly code = "store.object_shredded";
}
