#!/usr/bin/env node
import { main } from './index.js'
await main({ name: 'pce', phase: 'main', dist: import.meta.dirname })
