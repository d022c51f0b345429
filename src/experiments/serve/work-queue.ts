/**
 * The work of a server, one task at a time: a captured graph uses every core by itself. Tasks of one kind that wait are done
 * together, as many rows as fit; where too many rows wait, a task is refused at once.
 */

/** Why a task was refused: the queue is full. */
export class Overload extends Error {}

export interface Task<Work, Result> {
  /** Tasks of the same kind may be joined; `undefined` stands alone. */
  kind: string | undefined;
  rows: number;
  work: Work;
  done(result: Result): void;
  failed(error: unknown): void;
}

export interface QueueOptions<Work, Result> {
  /** Rows that may wait. */
  limit: number;
  /** Rows that are done together. */
  together: number;
  /** Does the tasks of a batch, which are of one kind; a result for each. */
  perform(works: readonly Work[]): Promise<readonly Result[]>;
  /** Told the rows of each batch. */
  observe?(rows: number): void;
}

export class WorkQueue<Work, Result> {
  private waiting: Task<Work, Result>[] = [];
  private rows = 0;
  private running = false;

  constructor(private readonly options: QueueOptions<Work, Result>) {}

  get waitingRows(): number {
    return this.rows;
  }

  /** @throws Overload where too many rows wait; what `perform` throws, for each task of its batch by itself */
  add(kind: string | undefined, rows: number, work: Work): Promise<Result> {
    if (this.waiting.length > 0 && this.rows + rows > this.options.limit)
      return Promise.reject(new Overload(`${this.rows} rows wait`));
    this.rows += rows;
    return new Promise((done, failed) => {
      this.waiting.push({ kind, rows, work, done, failed });
      if (!this.running) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.waiting.length > 0) {
      // What has arrived by now comes along. Nothing waits longer: while a batch is done, the next one gathers.
      await new Promise((resolve) => setImmediate(resolve));
      await this.perform(this.take());
    }
    this.running = false;
  }

  /** The oldest task, and later ones of its kind that fit. */
  private take(): Task<Work, Result>[] {
    const [first] = this.waiting as [Task<Work, Result>];
    const batch: Task<Work, Result>[] = [];
    let rows = 0;
    this.waiting = this.waiting.filter((task) => {
      const fits = task === first || (first.kind !== undefined && task.kind === first.kind);
      if (!fits || (task !== first && rows + task.rows > this.options.together)) return true;
      rows += task.rows;
      batch.push(task);
      return false;
    });
    this.rows -= rows;
    this.options.observe?.(rows);
    return batch;
  }

  private async perform(batch: readonly Task<Work, Result>[]): Promise<void> {
    try {
      const results = await this.options.perform(batch.map(({ work }) => work));
      for (const [i, task] of batch.entries()) task.done(results[i]!);
    } catch (error) {
      for (const task of batch) task.failed(error);
    }
  }
}
