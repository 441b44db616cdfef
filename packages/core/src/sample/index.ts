// Sample data for demo, examples, tests and benchmarks: made by a seeded generator, never real.
export { fillWithSample } from "./fill.js";
export { type SampleOptions, sampleOrder, sampleOrders } from "./sample-orders.js";
export { type SampleFile, sampleSpotifyFiles } from "./sample-spotify.js";
