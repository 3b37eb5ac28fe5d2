# A folder that shows another one and can be told to refuse: a file system of FUSE, for tests of
# what Kindred does when a disk or a share gives errors. The errors are the kernel's own.
#   faulty-folder.py <folder> <where it is shown> <file with the order>
# The order is "<call> <errno> <from byte> [<part of a path>]"; calls are open, read, list and any. It
# is obeyed for paths with that part in them, or for all. An empty file: all is well. With "hang" in
# the place of the errno a call is not answered before there is another order.
import os
import sys
import time

from fusepy import FUSE, FuseOSError, Operations


class FaultyFolder(Operations):
    def __init__(self, folder, order):
        self.folder = folder
        self.order = order

    def path(self, path):
        return self.folder + path

    def obey(self, call, path, end=sys.maxsize):
        """Refuses a call as it was ordered; `end`: the byte that it reaches to."""
        while True:
            with open(self.order) as file:
                words = file.read().split()
            if not words or (len(words) > 3 and words[3] not in path):
                return
            if words[0] not in (call, "any") or end <= int(words[2]):
                return
            if words[1] != "hang":
                raise FuseOSError(int(words[1]))
            time.sleep(0.01)

    def getattr(self, path, handle=None):
        if path != "/":
            self.obey("stat", path)
        try:
            status = os.lstat(self.path(path))
        except OSError as error:
            raise FuseOSError(error.errno)
        return {name: getattr(status, name) for name in dir(status) if name.startswith("st_")}

    def readdir(self, path, handle):
        self.obey("list", path)
        return [".", "..", *os.listdir(self.path(path))]

    def open(self, path, flags):
        self.obey("open", path)
        return os.open(self.path(path), flags)

    def read(self, path, size, offset, handle):
        self.obey("read", path, offset + size)
        return os.pread(handle, size, offset)

    def release(self, path, handle):
        os.close(handle)


folder, mount, order = sys.argv[1:]
# Not through the page cache: what was read once would be read again without a word. In threads: a
# call that hangs keeps no other from being answered. What a path is is asked each time.
fresh = {"attr_timeout": 0, "entry_timeout": 0}
FUSE(FaultyFolder(folder, order), mount, foreground=True, nothreads=False, direct_io=True, **fresh)
