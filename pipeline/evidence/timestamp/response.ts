import { fromBER, Sequence } from "asn1js";
import { PKIStatus, TimeStampResp } from "pkijs";
import { TimestampError } from "./errors.ts";
import { bufferOf } from "./request.ts";

/**
 * The token inside a TimeStampResp (RFC 3161, section 2.4.2), byte by byte as it came.
 *
 * @returns DER, ContentInfo
 * @throws TimestampError `timestamp.unreadable` or `timestamp.not_granted`
 */
export function tokenOfResponse(response: Uint8Array): Uint8Array {
  let parsed: TimeStampResp;
  let parts: Sequence["valueBlock"]["value"];
  try {
    const outer = fromBER(bufferOf(response)).result;
    if (!(outer instanceof Sequence)) throw new Error("not a SEQUENCE");
    parts = outer.valueBlock.value;
    parsed = new TimeStampResp({ schema: outer });
  } catch (cause) {
    throw new TimestampError(
      {
        code: "timestamp.unreadable",
        message: "The authority's answer is no timestamp response (RFC 3161).",
      },
      { cause },
    );
  }
  const { status, statusStrings } = parsed.status;
  const token = parts[1];
  if ((status !== PKIStatus.granted && status !== PKIStatus.grantedWithMods) || token === undefined) {
    const said = (statusStrings ?? []).map((text) => text.valueBlock.value).join("; ");
    throw new TimestampError({
      code: "timestamp.not_granted",
      message: `The authority gave no timestamp: status ${status}${said === "" ? "" : ` (${said})`}.`,
    });
  }
  return token.valueBeforeDecodeView.slice();
}
