namespace DtMcp.Exporting;

/// <summary>A file that is there whole or not at all: it is written aside, brought to the disk, and gets its name then.</summary>
internal static class WholeFile
{
    // Of no name that a reader of these files looks for.
    private const string Aside = ".part";

    private const int Buffer = 256 * 1024;

    public static void Write(string path, Action<Stream> write)
    {
        using (var stream = Open(path))
        {
            write(stream);
            stream.Flush(flushToDisk: true);
        }

        Keep(path);
    }

    /// <summary>Opens the file aside; what was left there is gone.</summary>
    public static FileStream Open(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return new FileStream(path + Aside, FileMode.Create, FileAccess.Write, FileShare.None, Buffer);
    }

    /// <summary>Gives it its name, in place of one that has it.</summary>
    public static void Keep(string path) => File.Move(path + Aside, path, overwrite: true);

    public static void Drop(string path) => File.Delete(path + Aside);
}
