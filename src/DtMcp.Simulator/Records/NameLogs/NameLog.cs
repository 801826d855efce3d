using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using DtMcp.Simulator.Records.Addresses;
using DtMcp.Simulator.Setup;

namespace DtMcp.Simulator.Records.NameLogs;

/// <summary>
/// Reads Zeek's dns.log, ssl.log and http.log: TSV with its header lines or JSON lines, plain or gzip. Lines without a time or ends, and
/// names that are absent, are passed over; what cannot be read is an error with its line.
/// </summary>
internal static class NameLog
{
    private const double FirstMillisecondTime = 1e11;

    /// <summary>The log of a kind beside others, such as <c>dns.log</c> or <c>day.dns.log.gz</c>; null when there is none.</summary>
    /// <exception cref="SimulatorException">There are several.</exception>
    public static string? Find(string directory, string kind)
    {
        var found = Directory.EnumerateFiles(directory).Where(path => Path.GetFileName(path) is var name
            && (name.EndsWith($"{kind}.log", StringComparison.Ordinal) || name.EndsWith($"{kind}.log.gz", StringComparison.Ordinal))
            && (name.StartsWith(kind, StringComparison.Ordinal) || name.Contains($".{kind}.", StringComparison.Ordinal))).ToList();
        return found.Count <= 1
            ? found.FirstOrDefault()
            : throw new SimulatorException($"{directory} has {found.Count} {kind} logs; leave one");
    }

    public static List<NameEntry> Load(string path, NameKind kind, CancellationToken cancellationToken)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            using Stream plain = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
            using var reader = new StreamReader(plain);
            return Read(reader, path, kind, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new SimulatorException($"cannot read the names of {path}: {exception.Message}", exception);
        }
    }

    public static List<NameEntry> Read(TextReader reader, string path, NameKind kind, CancellationToken cancellationToken)
    {
        List<NameEntry> entries = [];
        string[]? fields = null;
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                if (line.StartsWith("#fields\t", StringComparison.Ordinal))
                {
                    fields = line.Split('\t')[1..];
                }
                else if (line.Length > 0 && line[0] != '#' && Of(line[0] == '{' ? OfJson(line) : OfTsv(line, fields), kind) is { } entry)
                {
                    entries.Add(entry);
                }
            }
            catch (Exception exception) when (exception is FormatException or JsonException or OverflowException)
            {
                throw new SimulatorException($"{path}, line {number}: {exception.Message}", exception);
            }
        }

        return entries;
    }

    private static Dictionary<string, string> OfTsv(string line, string[]? fields)
    {
        var known = fields ?? throw new FormatException("no #fields line before the first row");
        var values = line.Split('\t');
        Dictionary<string, string> row = new(StringComparer.Ordinal);
        for (var i = 0; i < Math.Min(values.Length, known.Length); i++)
        {
            if (values[i] is not ("-" or "(empty)" or ""))
            {
                row[known[i]] = values[i];
            }
        }

        return row;
    }

    private static Dictionary<string, string> OfJson(string line)
    {
        using var document = JsonDocument.Parse(line);
        Dictionary<string, string> row = new(StringComparer.Ordinal);
        foreach (var member in document.RootElement.EnumerateObject())
        {
            row[member.Name] = member.Value.ValueKind == JsonValueKind.Array
                ? string.Join(',', member.Value.EnumerateArray().Select(item => item.ToString()))
                : member.Value.ToString();
        }

        return row;
    }

    private static NameEntry? Of(Dictionary<string, string> row, NameKind kind)
    {
        if (!row.TryGetValue("ts", out var ts) || Address(row, "orig_h") is not { } source || Address(row, "resp_h") is not { } destination)
        {
            return null;
        }

        var seconds = double.Parse(ts, NumberStyles.Float, CultureInfo.InvariantCulture);
        var entry = new NameEntry
        {
            Kind = kind,
            StartMs = (long)Math.Round(seconds >= FirstMillisecondTime ? seconds : seconds * 1000),
            Source = source,
            SourcePort = Port(row, "orig_p"),
            Destination = destination,
            DestinationPort = Port(row, "resp_p"),
            Uid = row.GetValueOrDefault("uid", ""),
        };
        return kind switch
        {
            NameKind.Dns => entry with
            {
                Name = row.GetValueOrDefault("query"),
                Type = row.GetValueOrDefault("qtype_name"),
                Answers = row.GetValueOrDefault("answers")?.Split(',') ?? [],
                Outcome = row.GetValueOrDefault("rcode_name") is "NOERROR" ? null : row.GetValueOrDefault("rcode_name"),
            },
            NameKind.Ssl => entry with
            {
                Name = row.GetValueOrDefault("server_name"),
                Type = row.GetValueOrDefault("version"),
                Outcome = row.GetValueOrDefault("validation_status"),
                Client = row.GetValueOrDefault("ja3"),
                Detail = row.GetValueOrDefault("subject"),
            },
            _ => entry with
            {
                Name = row.GetValueOrDefault("host"),
                Type = row.GetValueOrDefault("method"),
                Outcome = row.GetValueOrDefault("status_code"),
                Client = row.GetValueOrDefault("user_agent"),
                Detail = row.GetValueOrDefault("uri"),
            },
        };
    }

    private static IpAddress? Address(Dictionary<string, string> row, string end) =>
        (row.TryGetValue($"id.{end}", out var text) || row.TryGetValue($"id_{end}", out text)) && IpAddress.TryParse(text, out var address)
            ? address
            : null;

    private static ushort Port(Dictionary<string, string> row, string end) =>
        (row.TryGetValue($"id.{end}", out var text) || row.TryGetValue($"id_{end}", out text))
        && ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? port
            : (ushort)0;
}
