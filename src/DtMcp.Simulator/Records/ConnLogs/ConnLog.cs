using System.IO.Compression;
using System.Text;
using System.Text.Json;
using DtMcp.Simulator.Records.Addresses;
using DtMcp.Simulator.Setup;

namespace DtMcp.Simulator.Records.ConnLogs;

/// <summary>Reads a Zeek conn.log: TSV with its header lines or JSON lines, plain or gzip, told apart by their first bytes.</summary>
internal static class ConnLog
{
    private const int MaxLineBytes = 1024 * 1024;

    private static ReadOnlySpan<byte> Utf8Mark => [0xEF, 0xBB, 0xBF];

    public static RecordSet Load(string path, AddressRules rules, CancellationToken cancellationToken)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 64 * 1024, FileOptions.SequentialScan);
            return Read(file, path, rules, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException
            or ArgumentException or NotSupportedException)
        {
            throw new SimulatorException($"cannot read the records of {path}: {exception.Message}", exception);
        }
    }

    /// <param name="stream">A seekable stream.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="rules">What is inside.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static RecordSet Read(Stream stream, string name, AddressRules rules, CancellationToken cancellationToken)
    {
        Span<byte> magic = stackalloc byte[2];
        var isGzip = stream.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic[0] == 0x1F && magic[1] == 0x8B;
        stream.Position = 0;
        if (!isGzip)
        {
            return ReadLines(stream, name, rules, cancellationToken);
        }

        using var plain = new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true);
        return ReadLines(plain, name, rules, cancellationToken);
    }

    private static RecordSet ReadLines(Stream stream, string name, AddressRules rules, CancellationToken cancellationToken)
    {
        var builder = new ConnLogRows();
        ConnLogTsv? tsv = null;
        var (buffer, filled, number) = (new byte[256 * 1024], 0, 0L);
        var atEnd = false;
        while (!atEnd)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            var count = stream.Read(buffer, filled, buffer.Length - filled);
            (filled, atEnd) = (filled + count, count == 0);
            var start = 0;
            while (start < filled)
            {
                var length = buffer.AsSpan(start, filled - start).IndexOf((byte)'\n');
                if (length < 0 && !atEnd)
                {
                    break;
                }

                length = length < 0 ? filled - start : length;
                number++;
                var line = buffer.AsSpan(start, length).TrimEnd((byte)'\r');
                ReadLine(number == 1 && line.StartsWith(Utf8Mark) ? line[3..] : line, name, number, builder, ref tsv);
                start += length + 1;
            }

            start = Math.Min(start, filled);
            buffer.AsSpan(start, filled - start).CopyTo(buffer);
            filled -= start;
            if (filled > MaxLineBytes)
            {
                throw new SimulatorException($"{name}, line {number + 1}: longer than {MaxLineBytes} bytes; is this a Zeek conn.log?");
            }
        }

        return builder.Build(rules);
    }

    private static void ReadLine(ReadOnlySpan<byte> line, string name, long number, ConnLogRows rows, ref ConnLogTsv? tsv)
    {
        if (line.IsEmpty)
        {
            return;
        }

        try
        {
            if (line[0] == '{')
            {
                rows.Add(ConnLogJson.Read(line));
                return;
            }

            tsv ??= new ConnLogTsv();
            var text = Encoding.UTF8.GetString(line);
            if (text[0] == '#')
            {
                tsv.ReadHeader(text);
            }
            else
            {
                rows.Add(tsv.Read(text));
            }
        }
        catch (Exception exception) when (exception is FormatException or JsonException or OverflowException or InvalidOperationException)
        {
            throw new SimulatorException($"{name}, line {number}: {exception.Message}", exception);
        }
    }
}
