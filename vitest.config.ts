import { defineConfig } from 'vitest/config';

const exclude = ['**/node_modules/**', '**/dist/**'];

export default defineConfig({
  ssr: { resolve: { conditions: ['source', 'module', 'node', 'import', 'default'] } },
  test: {
    // two test files at once on the smallest machine this has to pass on
    maxWorkers: process.env.CI ? 2 : '100%',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['packages/**/src/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: [...exclude, '**/*.slow.test.ts'],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'slow',
          include: ['packages/**/src/**/*.slow.test.ts', 'scripts/**/*.slow.test.ts'],
          exclude,
          testTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'command',
          include: ['packages/sdk/test/command/**/*.test.ts'],
          exclude,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'service',
          include: ['packages/sdk/test/service/**/*.test.ts'],
          exclude,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'neutral',
          include: ['packages/sdk/test/neutral/**/*.test.ts'],
          exclude,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'gateway',
          include: ['packages/sdk/test/gateway/**/*.test.ts'],
          exclude,
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'live',
          include: ['packages/sdk/test/live/**/*.test.ts'],
          exclude,
          testTimeout: 900_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'kill',
          include: ['packages/sdk/test/kill/**/*.test.ts'],
          exclude,
          testTimeout: 600_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'blender',
          include: ['packages/blender-bridge/test/**/*.test.ts'],
          exclude,
          globalSetup: ['packages/blender-bridge/test/support/global-setup.ts'],
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
