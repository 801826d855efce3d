using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using DtMcp.Darktrace.Reading.NameRecords;
using DtMcp.Darktrace.Requests.Searches;

namespace DtMcp.Exporting;

/// <summary>
/// Writes the names of an hour as Zeek's dns.log, ssl.log and http.log have them, JSON lines and gzip: few beside the connections, and read
/// by whatever reads Zeek's logs.
/// </summary>
internal static class NameFiles
{
    // Of the network, and in a file that nobody's browser reads: as it is but for what JSON itself escapes.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The file of a kind beside that of the connections.</summary>
    public static string PathOf(string connections, NameKind kind) => Path.ChangeExtension(connections, $"{Word(kind)}.log.gz");

    /// <summary>Writes the files of all kinds beside that of the connections; a kind without an entry has none.</summary>
    /// <returns>How many entries.</returns>
    public static long Write(string connections, IReadOnlyList<(NameKind Kind, NameRecord Record)> names)
    {
        foreach (var kind in Enum.GetValues<NameKind>())
        {
            var path = PathOf(connections, kind);
            var some = names.Where(name => name.Kind == kind && name.Record.TimeMs is not null).Select(name => name.Record)
                .OrderBy(record => record.TimeMs).ToList();
            if (some.Count == 0)
            {
                File.Delete(path);
                continue;
            }

            WholeFile.Write(path, stream =>
            {
                using var packed = new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true);
                using var line = new Utf8JsonWriter(packed, Options);
                foreach (var record in some)
                {
                    Write(line, kind, record);
                    line.Flush();
                    packed.WriteByte((byte)'\n');
                    line.Reset();
                }
            });
        }

        return names.Count(name => name.Record.TimeMs is not null);
    }

    private static void Write(Utf8JsonWriter line, NameKind kind, NameRecord record)
    {
        line.WriteStartObject();
        line.WriteNumber("ts", record.TimeMs!.Value / 1000m);
        line.WriteString("id.orig_h", record.Source.ToString());
        line.WriteString("id.resp_h", record.Host.ToString());
        if (record.Ports is var (source, host))
        {
            line.WriteNumber("id.orig_p", source);
            line.WriteNumber("id.resp_p", host);
        }

        line.WriteString(kind switch { NameKind.Dns => "query", NameKind.Ssl => "server_name", _ => "host" }, record.Name);
        if (record.Answers.Count > 0)
        {
            line.WriteStartArray("answers");
            foreach (var answer in record.Answers)
            {
                line.WriteStringValue(answer.ToString());
            }

            line.WriteEndArray();
        }

        if (record.Failure is { } failure)
        {
            line.WriteString("rcode_name", failure);
        }

        if (record.UserAgent is { } agent)
        {
            line.WriteString("user_agent", agent);
        }

        line.WriteEndObject();
    }

    private static string Word(NameKind kind) => kind switch { NameKind.Dns => "dns", NameKind.Ssl => "ssl", _ => "http" };
}
