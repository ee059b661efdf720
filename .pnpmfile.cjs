/**
 * The packages that carry Node say `"os": "linux"` where a list is expected, so the lockfile forgets it and every
 * machine would download the Node of every other one.
 */
module.exports = {
  hooks: {
    readPackage(manifest) {
      if (/^node-(bin-)?(linux|darwin|win)-/.test(manifest.name ?? '')) {
        manifest.os = [manifest.os].flat();
        manifest.cpu = [manifest.cpu].flat();
      }
      return manifest;
    },
  },
};
