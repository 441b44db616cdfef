export { type AppOptions, createApp } from "./app.js";
export { parseConfig, type WebConfig } from "./config.js";
