import { main } from './index.js'
await main({ name: 'root', phase: 'main', dist: import.meta.dirname })
