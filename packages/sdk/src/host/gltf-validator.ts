import { SdkError } from '../foundation/errors.ts';
import type { GltfValidator, ValidationIssue, ValidationReport } from './codecs.ts';

/** The function of the npm package `gltf-validator` that is used. */
export interface ValidatorModule {
  validateBytes(
    bytes: Uint8Array,
    options: {
      readonly maxIssues: number;
      readonly writeTimestamp: boolean;
      readonly externalResourceFunction: (uri: string) => Promise<Uint8Array>;
    },
  ): Promise<ValidatorOutput>;
}

/** What that function resolves with, as far as it is read. */
export interface ValidatorOutput {
  readonly issues: {
    readonly numErrors: number;
    readonly numWarnings: number;
    readonly numInfos: number;
    readonly numHints: number;
    readonly messages: readonly {
      readonly code: string;
      readonly message: string;
      readonly severity: number;
      readonly pointer?: string;
    }[];
  };
}

const SEVERITIES = ['error', 'warning', 'info', 'hint'] as const;

/**
 * Makes a validator of the Khronos module.
 *
 * @param load - Brings the module on first use; the library is large and most commands never validate.
 */
export function createGltfValidator(load: () => Promise<ValidatorModule>): GltfValidator {
  let module: Promise<ValidatorModule> | undefined;
  return {
    async validate(bytes) {
      module ??= load();
      const { validateBytes } = await module;
      let output: ValidatorOutput;
      try {
        output = await validateBytes(bytes, {
          maxIssues: 0, // no limit
          writeTimestamp: false,
          externalResourceFunction: (uri) => Promise.reject(new Error(`"${uri}" is outside the file.`)),
        });
      } catch (cause) {
        // the library throws plain strings
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new SdkError({ code: 'ASSET_UNREADABLE', message: `The file is not glTF: ${reason}`, cause });
      }
      return toReport(output);
    },
  };
}

function toReport({ issues }: ValidatorOutput): ValidationReport {
  return {
    errors: issues.numErrors,
    warnings: issues.numWarnings,
    infos: issues.numInfos,
    hints: issues.numHints,
    issues: [...issues.messages]
      .sort((left, right) => left.severity - right.severity)
      .map(
        (issue): ValidationIssue => ({
          code: issue.code,
          message: issue.message,
          severity: SEVERITIES[issue.severity] ?? 'hint',
          ...(issue.pointer === undefined ? {} : { pointer: issue.pointer }),
        }),
      ),
  };
}
