/**
 * A folder as the origin-private file system gives it, as far as it is used: writes go to a copy that takes the file's
 * place when it is closed, missing names are `NotFoundError`, the wrong kind is `TypeMismatchError`, no room is
 * `QuotaExceededError`.
 *
 * @param quotaBytes - Room for all files and open copies together. Default unlimited.
 * @source WHATWG File System §2.
 */
export function createFakeDirectory(quotaBytes = Number.POSITIVE_INFINITY): FileSystemDirectoryHandle {
  const quota = { left: quotaBytes };
  return directory('', quota) as unknown as FileSystemDirectoryHandle;
}

interface Quota {
  left: number;
}

interface FakeFile {
  readonly kind: 'file';
  readonly name: string;
  getFile(): Promise<File>;
  createWritable(): Promise<unknown>;
}

interface FakeDirectory {
  readonly kind: 'directory';
  readonly name: string;
  entries(): AsyncGenerator<[string, FakeFile | FakeDirectory]>;
  getFileHandle(name: string, options?: { create?: boolean }): Promise<FakeFile>;
  getDirectoryHandle(name: string, options?: { create?: boolean }): Promise<FakeDirectory>;
  removeEntry(name: string): Promise<void>;
}

function directory(name: string, quota: Quota): FakeDirectory {
  const children = new Map<string, FakeFile | FakeDirectory>();
  const open = <Kind extends 'file' | 'directory'>(
    childName: string,
    kind: Kind,
    create: boolean,
  ): Extract<FakeFile | FakeDirectory, { kind: Kind }> => {
    let child = children.get(childName);
    if (child === undefined) {
      if (!create) throw new DOMException('There is no such entry.', 'NotFoundError');
      child = kind === 'file' ? file(childName, quota) : directory(childName, quota);
      children.set(childName, child);
    }
    if (child.kind !== kind) throw new DOMException('The entry is of the other kind.', 'TypeMismatchError');
    return child as Extract<FakeFile | FakeDirectory, { kind: Kind }>;
  };
  return {
    kind: 'directory',
    name,
    async *entries() {
      yield* [...children];
    },
    getFileHandle: async (childName, options) => open(childName, 'file', options?.create === true),
    getDirectoryHandle: async (childName, options) => open(childName, 'directory', options?.create === true),
    async removeEntry(childName) {
      if (!children.delete(childName)) throw new DOMException('There is no such entry.', 'NotFoundError');
    },
  };
}

function file(name: string, quota: Quota): FakeFile {
  let content = new File([], name);
  return {
    kind: 'file',
    name,
    getFile: async () => content,
    async createWritable() {
      const chunks: Uint8Array<ArrayBuffer>[] = [];
      let taken = 0;
      return {
        async write(chunk: Uint8Array<ArrayBuffer>) {
          if (chunk.length > quota.left) throw new DOMException('There is no room.', 'QuotaExceededError');
          quota.left -= chunk.length;
          taken += chunk.length;
          chunks.push(chunk);
        },
        async close() {
          quota.left += content.size;
          content = new File(chunks, name);
        },
        async abort() {
          quota.left += taken;
        },
      };
    },
  };
}
