// The parser of the command line: the only file that imports commander.
export { Command, CommanderError, Option } from 'commander'
