import { AppError } from "../domain/errors.ts";

/** The source's kind is none we open: only files, RTSP(S) and HTTP(S) are. */
export class SourceNotAllowedError extends AppError {
  readonly code = "media.source_not_allowed";
}

/** No such file, or the server knows no such stream. */
export class SourceNotFoundError extends AppError {
  readonly code = "media.source_not_found";
}

/** The server does not answer. */
export class SourceUnreachableError extends AppError {
  readonly code = "media.source_unreachable";
  override readonly retryable = true;
}

/** The server wants other credentials. */
export class SourceUnauthorizedError extends AppError {
  readonly code = "media.source_unauthorized";
}

/** The source can be read, but it holds no moving pictures. */
export class NotAVideoError extends AppError {
  readonly code = "media.not_a_video";
}

/** It was a video once: cut off or damaged beyond reading. */
export class CorruptVideoError extends AppError {
  readonly code = "media.corrupt_video";
}

/** The source did not say in time what it is. */
export class ProbeTimeoutError extends AppError {
  readonly code = "media.probe_timeout";
  override readonly retryable = true;
}

/** Pictures and their time stamps no longer fit together: nothing from this run may be used. */
export class FrameSyncError extends AppError {
  readonly code = "media.frame_sync_lost";
  override readonly retryable = true;
}

/** There is no way for frames from ffmpeg to us. */
export class NoPipeError extends AppError {
  readonly code = "media.no_pipe";
  override readonly retryable = true;
}

/** Pictures that may lie in memory only have no such place. */
export class NoMemoryFolderError extends AppError {
  readonly code = "media.no_memory_folder";
}

/** Nothing of the wanted stretch is in the recording (any more). */
export class NotRecordedError extends AppError {
  readonly code = "media.not_recorded";
}

/** ffmpeg could not copy the wanted stretch. */
export class ClipCutError extends AppError {
  readonly code = "media.clip_cut_failed";
}

/** ffmpeg could not give a picture of the wanted moment. */
export class PictureGrabError extends AppError {
  readonly code = "media.picture_grab_failed";
}
