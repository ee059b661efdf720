/** Version of the SDK, written into manifests. Kept equal to the package's by a test. */
export const SDK_VERSION = '0.0.0';
