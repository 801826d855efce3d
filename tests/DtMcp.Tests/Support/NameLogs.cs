using System.Globalization;
using System.Text;

namespace DtMcp.Tests.Support;

/// <summary>A directory with a conn.log and logs of names beside it, made for one test.</summary>
internal sealed class NameLogs : IDisposable
{
    public const string Device = "10.1.1.5";
    public const string Other = "10.1.1.6";

    private readonly StringBuilder _conn = new("#separator \\x09\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\t"
        + "service\tduration\torig_bytes\tresp_bytes\tconn_state\n");
    private readonly StringBuilder _dns = new("#separator \\x09\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tquery\t"
        + "qtype_name\trcode_name\tanswers\n");
    private readonly StringBuilder _ssl = new();
    private int _uids;

    /// <summary>2026-01-15 08:00 UTC, where the logs begin.</summary>
    public static DateTimeOffset Start { get; } = new(2026, 1, 15, 8, 0, 0, TimeSpan.Zero);

    public string Path { get; } = Directory.CreateTempSubdirectory("dtmcp-names-").FullName;

    public NameLogs Connection(double second, string source, string destination, int port, string service, long sent = 500,
        long received = 900, int from = 50_000)
    {
        _conn.Append(CultureInfo.InvariantCulture,
            $"{At(second)}\tC{_uids++}\t{source}\t{from}\t{destination}\t{port}\ttcp\t{service}\t1.5\t{sent}\t{received}\tSF\n");
        return this;
    }

    public NameLogs Lookup(double second, string source, string name, string answers = "-", string outcome = "NOERROR")
    {
        _dns.Append(CultureInfo.InvariantCulture,
            $"{At(second)}\tC{_uids++}\t{source}\t50001\t10.1.1.1\t53\t{name}\tA\t{outcome}\t{answers}\n");
        return this;
    }

    public NameLogs Tls(double second, string source, string destination, string name, int from = 50_002)
    {
        _ssl.Append(CultureInfo.InvariantCulture, $"{{\"ts\":{At(second)},\"uid\":\"C{_uids++}\",\"id.orig_h\":\"{source}\",")
            .Append(CultureInfo.InvariantCulture, $"\"id.orig_p\":{from},\"id.resp_h\":\"{destination}\",\"id.resp_p\":443,")
            .Append(CultureInfo.InvariantCulture, $"\"server_name\":\"{name}\",\"version\":\"TLSv13\"}}\n");
        return this;
    }

    public NameLogs Write()
    {
        File.WriteAllText(System.IO.Path.Combine(Path, "conn.log"), _conn.ToString());
        File.WriteAllText(System.IO.Path.Combine(Path, "dns.log"), _dns.ToString());
        File.WriteAllText(System.IO.Path.Combine(Path, "ssl.log"), _ssl.ToString());
        return this;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static string At(double second) =>
        (Start.ToUnixTimeMilliseconds() / 1000.0 + second).ToString("F3", CultureInfo.InvariantCulture);
}
