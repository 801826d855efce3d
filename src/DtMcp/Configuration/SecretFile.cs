using System.Diagnostics.CodeAnalysis;

namespace DtMcp.Configuration;

/// <summary>A file that holds a secret: read within bounds of length and time, and judged by who else may.</summary>
internal static class SecretFile
{
    // Six hundred named tokens; a certificate with its chain is a tenth of it.
    private const int LongestText = 64 * 1024;

    // Opening a pipe waits for somebody to write into it: for ever, where nobody does. Only what has no length can be one.
    private static readonly TimeSpan LongestOpening = TimeSpan.FromSeconds(3);

    private const UnixFileMode ByOthers = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite;

    /// <summary>The text in it, without the blanks around.</summary>
    /// <param name="name">The setting that names it.</param>
    /// <param name="path">Where it is.</param>
    /// <exception cref="SetupException">It cannot be read, is no file, or is empty.</exception>
    public static string Read(string name, string path)
    {
        try
        {
            using var file = Open(name, path);
            using var reader = new StreamReader(file);
            var buffer = new char[LongestText + 1];
            var length = reader.ReadBlock(buffer, 0, buffer.Length);
            if (length > LongestText)
            {
                throw new SetupException($"The file of {name} is longer than 64 KiB. Put nothing but the value in it.");
            }

            var value = new string(buffer, 0, length).Trim();
            return value.Length > 0 ? value : throw new SetupException($"The file of {name} is empty. Put the value in it.");
        }
        catch (Exception exception) when (IsOfTheFile(exception))
        {
            throw new SetupException(
                $"The file of {name} cannot be read ({exception.GetType().Name}). Check that it exists and that this user may read it.");
        }
    }

    /// <summary>What to tell of a file that others may read or change; null when they may not, or where files have no such modes.</summary>
    /// <param name="name">What names it.</param>
    /// <param name="path">Where it is.</param>
    public static string? WarningOf(string name, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        try
        {
            var file = File.ResolveLinkTarget(path, returnFinalTarget: true) ?? new FileInfo(path);
            var mode = file.Exists ? file.UnixFileMode & ByOthers : UnixFileMode.None;
            var may = mode.HasFlag(UnixFileMode.OtherRead) ? mode == UnixFileMode.OtherRead ? "read" : "read and write" : "write";
            return mode == UnixFileMode.None
                ? null
                : $"{name} holds a secret and other users may {may} it. Take the right from them: chmod 600.";
        }
        catch (Exception exception) when (IsOfTheFile(exception))
        {
            // Whoever reads it says what is wrong with it.
            return null;
        }
    }

    private static FileStream Open(string name, string path)
    {
        var opening = new FileInfo(path).Length > 0 ? Task.FromResult(Open(path)) : Task.Run(() => Open(path));
        try
        {
            if (!opening.Wait(LongestOpening))
            {
                Refuse(name);
            }
        }
        catch (AggregateException failed) when (failed.InnerException is { } inner && IsOfTheFile(inner))
        {
            throw new IOException(inner.Message, inner);
        }

        var file = opening.Result;
        if (!file.CanSeek)
        {
            file.Dispose();
            Refuse(name);
        }

        return file;
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    [DoesNotReturn]
    private static void Refuse(string name) =>
        throw new SetupException($"{name} names a pipe or a device. Name a file that holds the value.");

    private static bool IsOfTheFile(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;
}
