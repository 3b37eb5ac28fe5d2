// Loaded before the command line, by `--require`: calls to disks are made in a pool of threads, as
// many as POOL in main/wire/disk/volume-calls.ts says, and Node reads that number only once. In
// the script's own line no two systems would understand it.
process.env.UV_THREADPOOL_SIZE ??= '64'
