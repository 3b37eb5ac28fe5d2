// What a process is killed at.
export const TASKS = ['indexing', 'learning', 'swapping', 'searching', 'migrating'] as const
export type Task = (typeof TASKS)[number]
