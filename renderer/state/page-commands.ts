// What can be done with the page: selecting, looking, going elsewhere. Runs in the page.
import { chooseFolder } from './bridge.ts'
import { file, page } from './command-row.ts'
import type { Command } from './command-row.ts'
import type { Kindred, Screen } from './kindred.svelte.ts'

const inViewer = ({ compare, viewer }: Kindred): boolean => viewer.isOpen && !compare.isOpen
const inGrid = ({ screen, isCovered }: Kindred): boolean => screen === 'photos' && !isCovered
const canSelect = ({ screen, isCovered }: Kindred): boolean =>
  (screen === 'photos' || screen === 'map') && !isCovered

const goTo = (screen: Screen, name: string): Command =>
  page({ id: `go-${screen}`, name, group: 'Go', run: (kindred) => kindred.goTo(screen) })

export const PAGE_COMMANDS: readonly Command[] = [
  file({
    id: 'undo',
    name: 'Undo what was done with files',
    keys: ['Ctrl+z'],
    icon: 'again',
    isOfPhotos: false,
    applies: ({ files }) => !files.isBusy,
    run: ({ files }) => files.undo()
  }),
  page({
    id: 'select',
    name: 'Select, or deselect',
    group: 'Selection',
    keys: ['x'],
    icon: 'done',
    isOfPhotos: true,
    applies: (_, { focused, where }) => where === 'grid' && focused > 0,
    run: ({ selection }, { focused }) => selection.toggle(focused)
  }),
  page({
    id: 'select-all',
    name: 'Select all',
    group: 'Selection',
    keys: ['Ctrl+a'],
    applies: (kindred) => kindred.library.layout.ids.length > 0 && inGrid(kindred),
    run: ({ library, selection }) => selection.all(library.layout.ids)
  }),
  page({
    id: 'select-none',
    name: 'Select nothing',
    group: 'Selection',
    keys: ['Escape'],
    // Who draws a line gives that up first.
    applies: (kindred) =>
      canSelect(kindred) && kindred.selection.size > 0 && !kindred.map.isLassoing,
    run: ({ selection }) => selection.clear()
  }),
  page({
    id: 'palette',
    name: 'All commands',
    keys: ['Ctrl+k', 'Ctrl+Shift+p'],
    run: (kindred, target) => kindred.overlay.open('palette', target)
  }),
  page({
    id: 'shortcuts',
    name: 'Keyboard shortcuts',
    keys: ['?', 'F1'],
    run: (kindred, target) => kindred.overlay.open('shortcuts', target)
  }),
  page({
    id: 'full-screen',
    name: 'Full screen, or not',
    keys: ['F11', 'Shift+f'],
    icon: 'expand',
    run: ({ fullScreen }) => fullScreen.toggle()
  }),
  page({
    id: 'leave-full-screen',
    name: 'Leave full screen',
    keys: ['Escape'], // before the photo is left
    applies: ({ compare, fullScreen, isCovered, viewer }) =>
      fullScreen.isOn && isCovered && (compare.isOpen || !viewer.isChoosing),
    run: ({ fullScreen }) => fullScreen.leave()
  }),
  page({
    id: 'filter',
    name: 'Filter',
    keys: ['/'],
    icon: 'filter',
    applies: inGrid,
    run: (kindred) => (kindred.showsFilter = !kindred.showsFilter)
  }),
  page({
    id: 'info',
    name: 'Info: how, when and where it was taken',
    keys: ['i'],
    icon: 'info',
    applies: (kindred) =>
      inViewer(kindred) && kindred.viewer.isOne && !kindred.fullScreen.isOn,
    run: ({ preferences }) => (preferences.showsInfo = !preferences.showsInfo)
  }),
  page({
    id: 'larger',
    name: 'Larger tiles',
    keys: ['+', '='],
    icon: 'large',
    applies: inGrid,
    run: ({ preferences }) => preferences.size++
  }),
  page({
    id: 'smaller',
    name: 'Smaller tiles',
    keys: ['-'],
    icon: 'small',
    applies: inGrid,
    run: ({ preferences }) => preferences.size--
  }),
  page({
    id: 'stop-choosing',
    name: 'Choose no part',
    keys: ['Escape'],
    applies: (kindred) => inViewer(kindred) && kindred.viewer.isChoosing,
    run: ({ viewer }) => (viewer.isChoosing = false)
  }),
  page({
    id: 'back',
    name: 'Back',
    group: 'Go',
    keys: ['Alt+ArrowLeft', 'BrowserBack'],
    applies: inViewer,
    run: ({ viewer }) => viewer.back()
  }),
  page({
    id: 'forward',
    name: 'Forward',
    group: 'Go',
    keys: ['Alt+ArrowRight', 'BrowserForward'],
    applies: inViewer,
    run: ({ viewer }) => viewer.forward()
  }),
  page({
    id: 'previous',
    name: 'The photo before',
    group: 'Go',
    keys: ['ArrowLeft', 'PageUp'],
    applies: inViewer,
    run: ({ viewer }) => viewer.step(-1)
  }),
  page({
    id: 'next',
    name: 'The photo after',
    group: 'Go',
    keys: ['ArrowRight', 'PageDown'],
    applies: inViewer,
    run: ({ viewer }) => viewer.step(1)
  }),
  page({
    id: 'close',
    name: 'Back to all photos',
    group: 'Go',
    keys: ['Escape'],
    applies: inViewer,
    run: ({ viewer }) => viewer.close()
  }),
  page({
    id: 'add-folder',
    name: 'Add a folder',
    group: 'Go',
    icon: 'add',
    run: (kindred) => kindred.addFolder(chooseFolder())
  }),
  goTo('photos', 'Photos'),
  goTo('map', 'Map'),
  goTo('folders', 'Folders'),
  goTo('duplicates', 'Duplicates'),
  goTo('learning', 'Learning'),
  goTo('failures', 'Not read'),
  goTo('settings', 'Settings')
]
