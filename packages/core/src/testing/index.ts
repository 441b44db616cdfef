// For the tests of every package; not published.
export { testDatabase } from "./database.js";
