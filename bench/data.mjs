/** The digits as vaelab reads them by default: what the peers are given too. */
export const DATA = { type: "digits", binarize: "static", train: 8000, validation: 1000, test: 1000 };
