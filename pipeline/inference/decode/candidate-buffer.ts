const FIELDS = 4;

/**
 * Boxes that passed the score test, in flat arrays that are kept from frame to frame: decoding a frame
 * allocates nothing. Boxes are x1, y1, x2, y2 in input pixels.
 */
export class CandidateBuffer {
  #length = 0;
  #boxes = new Float32Array(FIELDS * 256);
  #scores = new Float32Array(256);
  #classes = new Int32Array(256);

  get length(): number {
    return this.#length;
  }

  /** Four numbers a candidate. A view: pushing may replace it. */
  get boxes(): Float32Array {
    return this.#boxes;
  }

  get scores(): Float32Array {
    return this.#scores;
  }

  get classes(): Int32Array {
    return this.#classes;
  }

  clear(): void {
    this.#length = 0;
  }

  /** Takes the candidate unless a number in it is NaN or infinite. A rounding error above 1 is cut off. */
  push(x1: number, y1: number, x2: number, y2: number, score: number, classIndex: number): void {
    // Finite numbers of single precision cannot sum up to an infinite double.
    if (!Number.isFinite(x1 + y1 + x2 + y2 + score)) return;
    const at = this.#length;
    if (at === this.#scores.length) this.#grow();
    const box = at * FIELDS;
    this.#boxes[box] = x1;
    this.#boxes[box + 1] = y1;
    this.#boxes[box + 2] = x2;
    this.#boxes[box + 3] = y2;
    this.#scores[at] = Math.min(score, 1);
    this.#classes[at] = classIndex;
    this.#length = at + 1;
  }

  #grow(): void {
    const boxes = new Float32Array(this.#boxes.length * 2);
    const scores = new Float32Array(this.#scores.length * 2);
    const classes = new Int32Array(this.#classes.length * 2);
    boxes.set(this.#boxes);
    scores.set(this.#scores);
    classes.set(this.#classes);
    this.#boxes = boxes;
    this.#scores = scores;
    this.#classes = classes;
  }
}
