// How many tasks run at once, the rest waiting in the order they came. The only file that knows
// p-limit.
export { default as limitOf } from 'p-limit'
