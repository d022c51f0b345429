/**
 * Network and tasks of the feature extractor. It predicts all label fields of the data or, for images without labels, their
 * rotation (Gidaris et al. 2018). Inputs are standardized with the training rows.
 *
 *     image    convolution 5 x 5 / 2 to 16, 5 x 5 / 2 to 32, dense 64, each with ReLU   ──  one dense head per task
 *     vector   dense 128, dense 64, each with ReLU
 *
 * The features are the last 64 units and the lower layers: the spatial mean of each channel of both convolutions, or the
 * standardized values of a vector. The last layer alone mistakes noise for digits; the lower layers detect it. Features are
 * centered, and each group is divided by the root of its mean variance, both on training rows, so that distances are
 * comparable across data sets and angles are relative to the center of the data. Vectors without labels have no task; their
 * features are their standardized values.
 */
import type { DatasetDescription } from "../../contracts/dataset.js";
import { dense } from "../../nn/index.js";
import { type Batch, type Fields, type Shape, sizeOf } from "../../tensor/fields.js";
import { constant, heNormal, zeros } from "../../tensor/initializers.js";
import type { Noise } from "../../tensor/keyed-noise.js";
import { type ParameterScope, ParameterStore } from "../../tensor/parameters.js";
import { type Scalar, type Tensor, type Tensor4D, tf } from "../../tensor/tensor.js";

const WIDTH = 64;
/** Dropout rate of the features in training. */
const DROPOUT = 0.3;
/** Cache version of the network and its training: change it with either. */
export const VERSION = "extractor-1";

/** Parameters that standardize the features: by group, and by feature. */
export const SCALES = "feature-scales";
export const CENTER = "feature-center";

export interface Task {
  /** Predicted field, or "rotation". */
  name: string;
  classes: number;
}
export interface FeatureNetwork {
  store: ParameterStore;
  /** Number of features per group; the first group is the input of the heads. */
  groups: readonly number[];
  /** Empty without a task. */
  tasks: readonly Task[];
  /** x: [N, ...field] → by group, [N, group]. */
  hidden(x: Tensor): Tensor[];
  /** All groups, centered, each over its scale: [N, sum of groups]. */
  features(hidden: readonly Tensor[]): Tensor;
  /** ln p(class), [N, classes], of one of the tasks. */
  logits(first: Tensor, task: Task): Tensor;
  /** Sum over tasks of the mean cross-entropy. */
  loss(batch: Batch, noise: Noise): Scalar;
}
/** Moments over all values of an image, or of each column of a vector. */
export interface Moments {
  mean: Float32Array;
  deviation: Float32Array;
}

const tasksOf = ({ fields, modeled }: DatasetDescription): Task[] => {
  const labels = Object.entries(fields).flatMap(([name, { kind, classes = 0 }]) =>
    name !== modeled && kind === "label" && classes > 1 ? [{ name, classes }] : [],
  );
  const { kind, shape } = fields[modeled]!;
  if (labels.length > 0 || kind !== "image") return labels;
  return [{ name: ROTATION, classes: shape[0] === shape[1] ? 4 : 2 }];
};
const ROTATION = "rotation";

/** [N, height, width, channels] turned by quarters, or by halves where it is not square: [classes * N, ...] and by how many. */
const rotations = (x: Tensor, classes: number): { images: Tensor; turns: Tensor } => {
  const half = tf.reverse(x, [1, 2]);
  const quarter = classes === 4 ? tf.transpose(tf.reverse(x, [1]), [0, 2, 1, 3]) : undefined;
  const images = quarter ? [x, quarter, half, tf.reverse(quarter, [1, 2])] : [x, half];
  const n = x.shape[0]!;
  return {
    images: tf.concat(images, 0),
    turns: tf.concat(
      images.map((_, turn) => tf.fill([n], turn, "int32")),
      0,
    ),
  };
};

const convolution = (parameters: ParameterScope, inputs: number, outputs: number): ((x: Tensor) => Tensor) => {
  const weights = parameters("weights", [5, 5, inputs, outputs], heNormal);
  const bias = parameters("bias", [outputs], zeros);
  return (x) => tf.relu(tf.add(tf.conv2d(x as Tensor4D, weights.value as Tensor4D, 2, "same"), bias.value));
};

interface Body {
  groups: readonly number[];
  hidden(x: Tensor): Tensor[];
}
const vectorBody = (parameters: ParameterScope, size: number): Body => {
  const first = dense(parameters.scope("dense-0"), size, 128, heNormal);
  const second = dense(parameters.scope("dense-1"), 128, WIDTH, heNormal);
  return {
    groups: [WIDTH, size],
    hidden: (x) => {
      const flat = tf.reshape(x, [x.shape[0]!, size]);
      return [tf.relu(second(tf.relu(first(flat)))), flat];
    },
  };
};
const imageBody = (parameters: ParameterScope, [height = 1, width = 1, channels = 1]: Shape): Body => {
  const first = convolution(parameters.scope("convolution-0"), channels, 16);
  const second = convolution(parameters.scope("convolution-1"), 16, 32);
  const size = Math.ceil(Math.ceil(height / 2) / 2) * Math.ceil(Math.ceil(width / 2) / 2) * 32;
  const last = dense(parameters.scope("dense"), size, WIDTH, heNormal);
  return {
    groups: [WIDTH, 32, 16],
    hidden: (x) => {
      const low = first(x);
      const high = second(low);
      return [tf.relu(last(tf.reshape(high, [x.shape[0]!, size]))), tf.mean(high, [1, 2]), tf.mean(low, [1, 2])];
    },
  };
};

/** Mean of -ln p(class) over the labeled rows. */
const crossEntropy = (logits: Tensor, classes: Tensor, count: number, known: Tensor | undefined): Scalar => {
  const chosen = tf.cast(tf.oneHot(tf.cast(classes, "int32"), count), "float32");
  const losses = tf.neg(tf.sum(tf.mul(logits, chosen), 1));
  if (!known) return tf.mean(losses);
  return tf.div(tf.sum(tf.mul(losses, known)), tf.maximum(tf.sum(known), 1));
};

/** Without a task, the features are the standardized values. */
const untaught = (store: ParameterStore, size: number, standardized: (x: Tensor) => Tensor): FeatureNetwork => {
  const nothing = (): never => {
    throw new Error("nothing is taught");
  };
  return {
    store,
    groups: [size],
    tasks: [],
    hidden: (x) => [standardized(tf.reshape(x, [x.shape[0]!, size]))],
    features: ([values]) => values!,
    logits: nothing,
    loss: nothing,
  };
};

/** Inputs of the network, and the class of each row by task; images without labels are rotated. */
const examplesOf = (fields: Fields, modeled: string, task: Task): { x: Tensor; classesOf(task: Task): Tensor } => {
  const x = fields[modeled]!;
  if (task.name !== ROTATION) return { x, classesOf: ({ name }) => fields[name]! };
  const { images, turns } = rotations(x, task.classes);
  return { x: images, classesOf: () => turns };
};

export const featureNetwork = (dataset: DatasetDescription, moments: Moments): FeatureNetwork => {
  const store = new ParameterStore();
  const field = dataset.fields[dataset.modeled]!;
  const parameters = store.scope();
  const fixed = { trainable: false };
  const columns = [moments.mean.length];
  const center = parameters("mean", columns, () => moments.mean, fixed);
  const deviation = parameters("deviation", columns, () => moments.deviation, fixed);
  const standardized = (x: Tensor): Tensor => tf.div(tf.sub(x, center.value), deviation.value);
  const tasks = tasksOf(dataset);
  const size = sizeOf(field.shape);
  if (tasks.length === 0) return untaught(store, size, standardized);
  const body = field.kind === "image" ? imageBody(parameters, field.shape) : vectorBody(parameters, size);
  const heads = new Map(
    tasks.map((task) => [task, dense(parameters.scope(`head/${task.name}`), WIDTH, task.classes, constant(0))]),
  );
  const scales = parameters(SCALES, [body.groups.length], constant(1), fixed);
  const centerOfFeatures = parameters(CENTER, [body.groups.reduce((sum, group) => sum + group, 0)], zeros, fixed);
  const hidden = (x: Tensor): Tensor[] => body.hidden(standardized(x));
  const logits = (h: Tensor, task: Task): Tensor => tf.logSoftmax(heads.get(task)!(h));
  return {
    store,
    groups: body.groups,
    tasks,
    hidden,
    features: (groups) => {
      const each = tf.split(scales.value, groups.length);
      const centered = tf.split(tf.sub(tf.concat([...groups], 1), centerOfFeatures.value), [...body.groups], 1);
      return tf.concat(
        centered.map((group, i) => tf.div(group, each[i]!)),
        1,
      );
    },
    logits,
    loss: ({ fields, observed }, noise) => {
      const { x, classesOf } = examplesOf(fields, dataset.modeled, tasks[0]!);
      const whole = hidden(x)[0]!;
      const kept = tf.cast(tf.greaterEqual(noise.uniform("dropout", whole.shape), DROPOUT), "float32");
      const thinned = tf.mul(whole, tf.div(kept, 1 - DROPOUT));
      const losses = tasks.map((task) =>
        crossEntropy(logits(thinned, task), classesOf(task), task.classes, observed?.[task.name]),
      );
      return losses.reduce((sum, loss) => tf.add(sum, loss));
    },
  };
};
