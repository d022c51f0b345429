/** Writes nodes as a graph, with the protocol messages that come with tfjs-node. */
import { sizeOf } from "../../../tensor/fields.js";
import type { NativeValues } from "../../native/backend.js";
import type { Attribute, Attributes } from "../tape/tape.js";

export interface Node {
  name: string;
  op: string;
  /** "node" or "node:output" for values, then "^node" for control dependencies. */
  inputs: readonly string[];
  attributes: Attributes;
}

/** The setters used here. The generated module has no types. */
interface AttributeMessage {
  setType(value: number): void;
  setI(value: number): void;
  setF(value: number): void;
  setB(value: boolean): void;
  setS(value: Uint8Array): void;
  setShape(value: object): void;
  setTensor(value: object): void;
  setList(value: object): void;
}
interface GraphMessage {
  addNode(node: object): void;
  setVersions(versions: object): void;
  serializeBinary(): Uint8Array;
}
interface Messages {
  GraphDef: new () => GraphMessage;
  VersionDef: new () => { setProducer(version: number): void };
  NodeDef: new () => {
    setName(name: string): void;
    setOp(op: string): void;
    setInputList(inputs: readonly string[]): void;
    getAttrMap(): { set(name: string, value: object): void };
  };
  AttrValue: { new (): AttributeMessage; ListValue: new () => ListMessage };
  Tensor: new () => {
    setDtype(type: number): void;
    setTensorShape(shape: object): void;
    setTensorContent(bytes: Uint8Array): void;
    setStringValList(values: readonly Uint8Array[]): void;
    setFloatValList(values: readonly number[]): void;
    setIntValList(values: readonly number[]): void;
    setBoolValList(values: readonly boolean[]): void;
  };
  TensorShape: { new (): { addDim(dim: object): void }; Dim: new () => { setSize(size: number): void } };
  MetaGraphDef: {
    new (): { setMetaInfoDef(info: object): void; setGraphDef(graph: object): void };
    MetaInfoDef: new () => { setTagsList(tags: readonly string[]): void };
  };
  SavedModel: new () => {
    setSavedModelSchemaVersion(version: number): void;
    addMetaGraphs(graph: object): void;
    serializeBinary(): Uint8Array;
  };
}
interface ListMessage {
  setIList(values: readonly number[]): void;
  setFList(values: readonly number[]): void;
  setBList(values: readonly boolean[]): void;
  setSList(values: readonly Uint8Array[]): void;
}

/** Version of the op definitions that the graph targets; any recent one works. */
const PRODUCER = 1000;
export const TAG = "vaelab";

const encoder = new TextEncoder();

const shapeMessage = (messages: Messages, shape: readonly number[]): object => {
  const message = new messages.TensorShape();
  for (const size of shape) {
    const dim = new messages.TensorShape.Dim();
    dim.setSize(size);
    message.addDim(dim);
  }
  return message;
};

const tensorMessage = (messages: Messages, dtype: number, shape: readonly number[], values: NativeValues): object => {
  const message = new messages.Tensor();
  message.setDtype(dtype);
  message.setTensorShape(shapeMessage(messages, shape));
  if (Array.isArray(values)) message.setStringValList(values);
  else if (values.length === 1 && sizeOf(shape) > 1) {
    // One value in the typed list fills the whole tensor.
    const list = Array.from(values);
    if (values instanceof Float32Array) message.setFloatValList(list);
    else if (values instanceof Int32Array) message.setIntValList(list);
    else message.setBoolValList(list.map(Boolean));
  } else message.setTensorContent(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return message;
};

const attributeMessage = (messages: Messages, attribute: Attribute): object => {
  const message = new messages.AttrValue();
  const list = (fill: (list: ListMessage) => void): void => {
    const values = new messages.AttrValue.ListValue();
    fill(values);
    message.setList(values);
  };
  if ("type" in attribute) message.setType(attribute.type);
  else if ("int" in attribute) message.setI(attribute.int);
  else if ("float" in attribute) message.setF(attribute.float);
  else if ("bool" in attribute) message.setB(attribute.bool);
  else if ("string" in attribute) message.setS(encoder.encode(attribute.string));
  else if ("shape" in attribute) message.setShape(shapeMessage(messages, attribute.shape));
  else if ("ints" in attribute) list((values) => values.setIList(attribute.ints));
  else if ("floats" in attribute) list((values) => values.setFList(attribute.floats));
  else if ("bools" in attribute) list((values) => values.setBList(attribute.bools));
  else if ("strings" in attribute)
    list((values) => values.setSList(attribute.strings.map((text) => encoder.encode(text))));
  else {
    const { dtype, shape, values } = attribute.tensor;
    message.setTensor(tensorMessage(messages, dtype, shape, values));
  }
  return message;
};

const messagesOf = (require: NodeJS.Require): Messages =>
  require("@tensorflow/tfjs-node/dist/proto/api_pb") as Messages;

const graphMessage = (messages: Messages, nodes: readonly Node[]): GraphMessage => {
  const graph = new messages.GraphDef();
  const versions = new messages.VersionDef();
  versions.setProducer(PRODUCER);
  graph.setVersions(versions);
  for (const { name, op, inputs, attributes } of nodes) {
    const node = new messages.NodeDef();
    node.setName(name);
    node.setOp(op);
    node.setInputList(inputs);
    for (const [key, value] of Object.entries(attributes))
      node.getAttrMap().set(key, attributeMessage(messages, value));
    graph.addNode(node);
  }
  return graph;
};

/** A serialized GraphDef. @param require loads from the folder that the running tfjs-node came from. */
export const graphDefinition = (require: NodeJS.Require, nodes: readonly Node[]): Uint8Array =>
  graphMessage(messagesOf(require), nodes).serializeBinary();

/** The same as a serialized SavedModel. */
export const savedModel = (require: NodeJS.Require, nodes: readonly Node[]): Uint8Array => {
  const messages = messagesOf(require);
  const info = new messages.MetaGraphDef.MetaInfoDef();
  info.setTagsList([TAG]);
  const meta = new messages.MetaGraphDef();
  meta.setMetaInfoDef(info);
  meta.setGraphDef(graphMessage(messages, nodes));
  const model = new messages.SavedModel();
  model.setSavedModelSchemaVersion(1);
  model.addMetaGraphs(meta);
  return model.serializeBinary();
};
