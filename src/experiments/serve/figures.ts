/** What a server measures of itself, for Prometheus. */
import type * as Prometheus from "prom-client";

const BATCH_ROWS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000];

/** @param waitingRows read when the figures are asked for */
export const serverFigures = (prometheus: typeof Prometheus, waitingRows: () => number) => {
  const registry = new prometheus.Registry();
  const registers = [registry];
  const seconds = new prometheus.Histogram({
    name: "vaelab_request_seconds",
    help: "Time of requests, by route and status",
    labelNames: ["route", "status"],
    registers,
  });
  const batchRows = new prometheus.Histogram({
    name: "vaelab_batch_rows",
    help: "Rows of one call of the model",
    buckets: BATCH_ROWS,
    registers,
  });
  new prometheus.Gauge({
    name: "vaelab_waiting_rows",
    help: "Rows that wait for the model",
    registers,
    collect() {
      this.set(waitingRows());
    },
  });
  return { registry, seconds, batchRows };
};
export type ServerFigures = ReturnType<typeof serverFigures>;
