import { describe, expect, it } from '@jest/globals'
import {
  architecturesOf,
  type Emulation,
  handlerOf,
  type PlatformFacts,
  planEmulation,
} from '../../src/build/emulation.ts'
import { parseInspect } from '../../src/build/inspect.ts'
import { UserError } from '../../src/errors.ts'

describe('what docker buildx inspect says', () => {
  it('of the engine’s own builder', () => {
    const text = `Name:   default
Driver: docker

Nodes:
Name:             default
Endpoint:         default
Status:           running
BuildKit version: v0.33.0
Platforms:        linux/amd64, linux/amd64/v2, linux/amd64/v3, linux/arm64
Labels:
 org.mobyproject.buildkit.worker.executor:             containerd
GC Policy rule#0:
 All:            false
`
    expect(parseInspect(text)).toEqual({
      driver: 'docker',
      nodes: [
        {
          name: 'default',
          endpoint: 'default',
          options: {},
          error: undefined,
          version: 'v0.33.0',
          platforms: ['linux/amd64', 'linux/amd64/v2', 'linux/amd64/v3', 'linux/arm64'],
          native: ['linux/amd64'],
        },
      ],
    })
  })

  it('of two nodes: a platform with a star was set by the user; one node has trouble', () => {
    const text = `Name:          farm
Driver:        docker-container
Last Activity: 2026-11-24 14:00:00 +0000 UTC

Nodes:
Name:                  farm0
Endpoint:              unix:///var/run/docker.sock
Driver Options:        env.NO_PROXY="localhost,\\".local\\"" network="host"
Status:                running
BuildKit daemon flags: --allow-insecure-entitlement=network.host
BuildKit version:      v0.32.2
Platforms:             linux/arm64*, linux/amd64, linux/386

Name:      arm
Endpoint:  ssh://me@arm.example.com
Error:     Cannot connect to the Docker daemon
Platforms: linux/arm64*
`
    const found = parseInspect(text)
    expect(found.driver).toBe('docker-container')
    expect(found.nodes).toEqual([
      {
        name: 'farm0',
        endpoint: 'unix:///var/run/docker.sock',
        options: { 'env.NO_PROXY': 'localhost,\\".local\\"', network: 'host' },
        error: undefined,
        version: 'v0.32.2',
        platforms: ['linux/arm64', 'linux/amd64', 'linux/386'],
        native: ['linux/arm64', 'linux/amd64'],
      },
      {
        name: 'arm',
        endpoint: 'ssh://me@arm.example.com',
        options: {},
        error: 'Cannot connect to the Docker daemon',
        version: undefined,
        platforms: ['linux/arm64'],
        native: ['linux/arm64'],
      },
    ])
  })

  it('nothing', () => {
    expect(parseInspect('')).toEqual({ driver: '', nodes: [] })
  })
})

describe('which platforms QEMU has to do', () => {
  const facts: PlatformFacts = { native: ['linux/amd64'], emulated: [], installable: true }
  const armed = { ...facts, emulated: ['linux/arm64'] }
  const slow = (platform: string): string =>
    `${platform} is emulated by QEMU (native here: linux/amd64): steps that compile take ten times as long, and more. A job on a native runner (GitHub has ubuntu-24.04-arm) or a node with that platform (builder.append) does without.`
  const none = { install: [], warnings: [] }

  type Case = [string, Partial<Parameters<typeof planEmulation>[0]>, PlatformFacts, Emulation]
  const cases: readonly Case[] = [
    ['native', { platforms: ['native'] }, facts, none],
    ['the engine’s own', { platforms: ['linux/amd64'] }, facts, none],
    ['a level of it', { platforms: ['linux/amd64/v3'] }, facts, none],
    [
      'one that a node has',
      { platforms: ['linux/arm64/v8'] },
      { ...facts, native: ['linux/amd64', 'linux/arm64'] },
      none,
    ],
    [
      'one that QEMU has',
      { platforms: ['native', 'linux/arm64'] },
      armed,
      { install: [], warnings: [slow('linux/arm64')] },
    ],
    [
      'one that nobody has, on GitHub',
      { platforms: ['linux/arm64', 'linux/arm/v7'], onGitHub: true },
      armed,
      { install: ['linux/arm/v7'], warnings: [slow('linux/arm64'), slow('linux/arm/v7')] },
    ],
    [
      'one that nobody has, where the user says so',
      { platforms: ['linux/arm64'], qemu: true },
      facts,
      { install: ['linux/arm64'], warnings: [slow('linux/arm64')] },
    ],
    ['ruled out, and not needed', { platforms: ['linux/amd64'], qemu: false }, facts, none],
  ]
  it.each(cases)('%s', (_, asked, known, expected) => {
    expect(planEmulation({ platforms: [], qemu: 'auto', onGitHub: false, ...asked }, known)).toEqual(expected)
  })

  const binfmt = 'tonistiigi/binfmt@sha256:400a4873b838d1b89194d982c45e5fb3cda4593fbfd7e08a02e76b03b21166f0'
  const faults: readonly [string, Case[1], PlatformFacts, string][] = [
    [
      'without QEMU',
      { platforms: ['linux/arm64', 'linux/s390x'] },
      facts,
      `platforms: linux/arm64, linux/s390x can't be built: no node of the builder has it (native: linux/amd64), and there is no QEMU for it
Run docker run --privileged --rm ${binfmt} --install arm64,s390x, or set builder.qemu: true to have that done. Or build it in a job on a native runner, or add a node that has it: builder: { append: [{ endpoint: …, platforms: [linux/arm64, linux/s390x] }] }.`,
    ],
    [
      'on another machine, also on GitHub',
      { platforms: ['linux/arm64'], onGitHub: true, qemu: true },
      { ...facts, installable: false },
      `platforms: linux/arm64 can't be built: no node of the builder has it (native: linux/amd64), and there is no QEMU for it
Build it in a job on a native runner, or add a node that has it: builder: { append: [{ endpoint: …, platforms: [linux/arm64] }] }.`,
    ],
    [
      'with QEMU that is ruled out',
      { platforms: ['linux/arm64'], qemu: false },
      { ...armed, installable: false },
      `platforms: linux/arm64 can't be built: no node of the builder has it (native: linux/amd64), and builder.qemu is false
Build it in a job on a native runner, or add a node that has it: builder: { append: [{ endpoint: …, platforms: [linux/arm64] }] }.`,
    ],
  ]
  it.each(faults)('refused %s', (_, asked, known, message) => {
    const plan = () => planEmulation({ platforms: [], qemu: 'auto', onGitHub: false, ...asked }, known)
    expect(plan).toThrow(new UserError(message))
  })

  it('names of Docker, of binfmt, and of the kernel', () => {
    expect(architecturesOf(['linux/arm64', 'linux/arm/v7', 'linux/arm/v6'])).toBe('arm64,arm')
    expect(['linux/arm64', 'linux/amd64', 'linux/arm/v7', 'linux/riscv64', 'linux/386'].map(handlerOf)).toEqual([
      'qemu-aarch64',
      'qemu-x86_64',
      'qemu-arm',
      'qemu-riscv64',
      'qemu-i386',
    ])
  })
})
