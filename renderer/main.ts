// The page's start. Runs in the page: sandboxed, without Node, talking to the engine over a port
// only.
import { mount } from 'svelte'
import './style/tokens.css'
import './style/base.css'
import App from './screens/App.svelte'

const target = document.getElementById('app')
if (!target) throw new Error('index.html has no element #app')
mount(App, { target })
