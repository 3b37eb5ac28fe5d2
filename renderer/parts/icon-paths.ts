// The small line drawings of the page. Data.

/** Paths on a 24 x 24 field, drawn with a round line of 1.75. */
export const PATHS = {
  add: 'M12 5v14M5 12h14',
  back: 'M15 5l-7 7 7 7',
  forward: 'M9 5l7 7-7 7',
  close: 'M6 6l12 12M18 6L6 18',
  pause: 'M9 6v12M15 6v12',
  resume: 'M8 5.5v13l10.5-6.5z',
  again: 'M19 12a7 7 0 1 1-2.2-5.1M19 4v4h-4',
  folder: 'M3.5 7v10.5L5 19h14l1.5-1.5v-8L19 8h-7.5l-2-2.5H5z',
  unplugged: 'M4 4l16 16M9.5 5.5l2 2.5H19l1.5 1.5V17M17.5 19H5l-1.5-1.5V7',
  warning: 'M12 4.5l8.5 14.5h-17zM12 10v4.2M12 16.6v.1',
  shield: 'M12 3.5l7 2.5v5.5c0 4.2-2.8 7.2-7 9-4.2-1.8-7-4.8-7-9V6z',
  untouched: 'M7 11V8a5 5 0 0 1 10 0v3M5.5 11h13v8.5h-13z',
  learn: 'M12 4v3M12 17v3M4 12h3M17 12h3M9.5 12a2.5 2.5 0 1 0 5 0 2.5 2.5 0 0 0-5 0z',
  small: 'M5 5h4v4H5zM15 5h4v4h-4zM5 15h4v4H5zM15 15h4v4h-4z',
  large: 'M5 5h14v14H5z',
  done: 'M5 12.5l4.5 4.5L19 7.5',
  less: 'M5 12h14',
  heart: 'M12 19.5C5.5 15 3.5 12 3.5 9a4.3 4.3 0 0 1 8.5-1.2A4.3 4.3 0 0 1 20.5 9c0 3-2 6-8.5 10.5z',
  trash: 'M5 7h14M9.5 7V4.5h5V7M7 7l1 12.5h8L17 7M10.5 10.5v6M13.5 10.5v6',
  more: 'M5.5 12h.1M12 12h.1M18.5 12h.1',
  star: 'M12 4l2.5 5.2 5.5.8-4 4 1 5.7-5-2.8-5 2.8 1-5.7-4-4 5.5-.8z',
  filter: 'M4 6h16M7 12h10M10 18h4',
  region: 'M7 3.5V17h13.5M3.5 7H17v13.5',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M13 7a2 2 0 1 0 4 0 2 2 0 0 0-4 0zM7 17a2 2 0 1 0 4 0 2 2 0 0 0-4 0z',
  device: 'M7 7h10v10H7zM10 3.5V7M14 3.5V7M10 17v3.5M14 17v3.5M3.5 10H7M3.5 14H7M17 10h3.5M17 14h3.5',
  down: 'M6 9.5l6 6 6-6',
  up: 'M6 14.5l6-6 6 6',
  calendar: 'M4.5 6.5h15v13h-15zM4.5 10.5h15M8.5 4v4M15.5 4v4',
  copies: 'M8.5 8.5h11v11h-11zM15.5 8.5v-4h-11v11h4',
  info: 'M3.5 12a8.5 8.5 0 1 0 17 0a8.5 8.5 0 0 0-17 0zM12 11v5.5M12 7.5v.1',
  compare: 'M4 5.5h7v13H4zM13 5.5h7v13h-7z',
  expand: 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5',
  shrink: 'M9 4v5H4M20 9h-5V4M15 20v-5h5M4 15h5v5',
  hidden: 'M4 4l16 16M9.5 6.4A9 9 0 0 1 12 6c4.5 0 7.5 3.5 8.5 6a11 11 0 0 1-2.6 3.7M6.3 7.8A11 11 0 0 0 3.5 12c1 2.5 4 6 8.5 6a9 9 0 0 0 3.6-.8',
  album: 'M6.5 8.5h14v11h-14zM6.5 16l4-4 3.5 3.5 2.5-2.5 4 4M3.5 15.5v-11h14',
  edit: 'M4.5 19.5l1-4L16 5l3 3L8.5 18.5zM13.5 7.5l3 3',
  picture: 'M4 5.5h16v13H4zM4 16l4.5-4.5 4 4 3-3L20 16M15.5 9v.1'
} as const

export type IconName = keyof typeof PATHS
