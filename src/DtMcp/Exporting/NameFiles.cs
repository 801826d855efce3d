using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using DtMcp.Darktrace.Reading.NameRecords;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Exporting.Tables;

namespace DtMcp.Exporting;

/// <summary>
/// Writes the names of an hour as Zeek's dns.log, ssl.log and http.log have them, JSON lines and gzip: few beside the connections, and read
/// by whatever reads Zeek's logs.
/// </summary>
internal sealed class NameFiles(string connections) : IDisposable
{
    // Of the network, and in a file that nobody's browser reads: as it is but for what JSON itself escapes.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Dictionary<NameKind, Lines> _lines = [];
    private readonly Garbage _garbage = new();

    /// <summary>Entries that were written.</summary>
    public long Written { get; private set; }

    /// <summary>The file of a kind beside that of the connections.</summary>
    public static string PathOf(string connections, NameKind kind) => Path.ChangeExtension(connections, $"{Word(kind)}.log.gz");

    /// <summary>Writes entries of a kind aside, behind those before.</summary>
    public void Write(NameKind kind, IReadOnlyList<NameRecord> records)
    {
        foreach (var record in records)
        {
            if (record.TimeMs is null)
            {
                continue;
            }

            if (!_lines.TryGetValue(kind, out var lines))
            {
                _lines[kind] = lines = new Lines(PathOf(connections, kind));
            }

            lines.Write(kind, record);
            Written++;
        }

        _garbage.Collect();
    }

    /// <summary>Gives the files their names; a kind without an entry has none.</summary>
    public void Keep()
    {
        Dispose();
        foreach (var kind in Enum.GetValues<NameKind>())
        {
            var path = PathOf(connections, kind);
            if (_lines.ContainsKey(kind))
            {
                WholeFile.Keep(path);
            }
            else
            {
                File.Delete(path);
            }
        }
    }

    /// <summary>Leaves what is there as it was.</summary>
    public void Drop()
    {
        Dispose();
        foreach (var kind in _lines.Keys)
        {
            WholeFile.Drop(PathOf(connections, kind));
        }
    }

    public void Dispose()
    {
        foreach (var lines in _lines.Values)
        {
            lines.Dispose();
        }
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

    private sealed class Lines : IDisposable
    {
        private readonly FileStream _file;
        private readonly GZipStream _packed;
        private readonly Utf8JsonWriter _line;
        private bool _isDone;

        public Lines(string path)
        {
            _file = WholeFile.Open(path);
            _packed = new GZipStream(_file, CompressionLevel.Optimal, leaveOpen: true);
            _line = new Utf8JsonWriter(_packed, Options);
        }

        public void Write(NameKind kind, NameRecord record)
        {
            NameFiles.Write(_line, kind, record);
            _line.Flush();
            _packed.WriteByte((byte)'\n');
            _line.Reset();
        }

        public void Dispose()
        {
            if (_isDone)
            {
                return;
            }

            _isDone = true;
            _line.Dispose();
            _packed.Dispose();
            _file.Flush(flushToDisk: true);
            _file.Dispose();
        }
    }
}
