using System.Globalization;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;

namespace DtMcp.Tests.Rendering;

/// <summary>Digests of any size and manner, from a seed.</summary>
internal static class SampleDigests
{
    public static Digest Small { get; } = new()
    {
        Tool = "summarize_external_traffic",
        Scope = new Scope
        {
            Appliance = "demo",
            Window = new TimeWindow(1768464000000, 1768467600000),
            Filters = [new Field("intext", Cell.Of("external"))],
            Evidence = "flows",
            ConnectionsRead = 8505,
            Synthetic = true,
        },
        Totals = [new Field("connections", Cell.Of(2972)), new Field("bytes", Cell.Of(572172241)), new Field("unknown", Cell.Absent)],
        Tables =
        [
            new Table
            {
                Name = "destinations",
                SortedBy = "bytes",
                Of = 400,
                Columns = ["ip", "hostname", "connections", "percent", "ports"],
                Rows =
                [
                    [Cell.Of("203.0.113.77"), Cell.Of("files.example.com"), Cell.Of(30), Cell.Of(12.34), Cell.List([80, 443], 2)],
                    [Cell.Of("203.0.113.78"), Cell.Absent, Cell.Of(9), Cell.Of(double.NaN), Cell.List([1, 2, 3, 4, 5, 6, 7, 8, 9], 12)],
                ],
            },
        ],
        Notes = ["A note."],
        Next = ["analyze_device_activity did=12"],
    };

    public static Digest WithText(string text) => Small with
    {
        Device = [new Field("hostname", Cell.Of(text))],
        Tables = [Small.Tables[0] with { Rows = [[Cell.Of(text), Cell.Of(text), Cell.Of(30), Cell.Of(12.34), Cell.List([text], 1)]] }],
        Notes = [text],
        Next = [text],
    };

    /// <summary>As answers are: private and outside addresses, host names, figures.</summary>
    public static Digest Plain(Random random, int rows) => Of(random, rows, () => Host(random), () => Ip(random), notes: 2);

    /// <summary>As an attacker may make them.</summary>
    public static Digest Hostile(Random random, int rows) =>
        Of(random, rows, () => HostileText.Next(random), () => random.Next(2) == 0 ? HostileText.Next(random) : Ipv6(random),
            notes: random.Next(60));

    private static Digest Of(Random random, int rows, Func<string> text, Func<string> address, int notes) => new()
    {
        Tool = "analyze_device_activity",
        Scope = new Scope
        {
            Appliance = "darktrace.example.com",
            Window = new TimeWindow(1768464000000, 1768550400000),
            Filters = [new Field("did", Cell.Of(12)), new Field("hostname", Cell.Of(text()))],
            Evidence = "flows",
            ConnectionsRead = random.Next(),
            CachedSeconds = random.Next(3000),
        },
        Device = [new Field("did", Cell.Of(12)), new Field("hostname", Cell.Of(text())), new Field("tags", Cell.List([text(), text()], 2))],
        Totals = [new Field("connections", Cell.Of(random.Next())), new Field("bytes_in", Cell.Of(random.NextInt64(1L << 40))),
            new Field("bytes_out", Cell.Of(random.NextInt64(1L << 40)))],
        Tables =
        [
            Rows("protocols", "bytes", ["name", "bytes", "connections"], Math.Min(rows, 3),
                () => [Cell.Of("tcp"), Cell.Of(random.Next()), Cell.Of(random.Next(9999))]),
            Rows("external_destinations", "bytes", ["ip", "hostname", "country", "asn", "connections", "bytes", "ports"], rows, () =>
                [Cell.Of(address()), random.Next(4) == 0 ? Cell.Absent : Cell.Of(text()), Cell.Of("Germany"),
                    Cell.Of("AS3320 Deutsche Telekom AG"), Cell.Of(random.Next(9999)), Cell.Of(random.NextInt64(1L << 34)),
                    Cell.List([443, 80, 8443, random.Next(65536)], random.Next(4, 40))]),
            Rows("internal_destinations", "bytes", ["ip", "did", "hostname", "connections", "bytes", "percent"], rows / 2, () =>
                [Cell.Of(address()), Cell.Of(random.Next(5000)), Cell.Of(text()), Cell.Of(random.Next(9999)),
                    Cell.Of(random.NextInt64(1L << 34)), Cell.Of(random.NextDouble() * 100)]),
        ],
        Notes = [.. Enumerable.Range(0, notes).Select(_ => "Application protocols are not part of this evidence: " + text())],
        Next = ["hunt_traffic kind=beacon starttime=1768464000000 endtime=1768550400000",
            "get_network_traffic ip=" + address() + " starttime=1768464000000 endtime=1768550400000"],
    };

    private static Table Rows(string name, string by, string[] columns, int rows, Func<Cell[]> row) => new()
    {
        Name = name,
        SortedBy = by,
        Of = rows + 100,
        Columns = columns,
        Rows = [.. Enumerable.Range(0, rows).Select(_ => row())],
    };

    private static string Ip(Random random) =>
        string.Create(CultureInfo.InvariantCulture, $"{random.Next(1, 224)}.{random.Next(256)}.{random.Next(256)}.{random.Next(256)}");

    private static string Ipv6(Random random) =>
        string.Create(CultureInfo.InvariantCulture,
            $"2001:db8:{random.Next(65536):x}:{random.Next(65536):x}::{random.Next(65536):x}:{random.Next(65536):x}");

    private static string Host(Random random)
    {
        string[] first = ["www", "mail", "static", "api", "laptop-ana", "desktop-finance", "ec2-52-18-3-4", "edge-star-shv-01",
            "DESKTOP-A1B2C3D", "printer", "telemetry", "ocsp"];
        string[] second = ["example.com", "contoso.net", "fabrikam.org", "compute.amazonaws.com", "windowsupdate.com", "office.local",
            "akamaitechnologies.com"];
        return first[random.Next(first.Length)] + random.Next(100).ToString(CultureInfo.InvariantCulture) + "."
            + second[random.Next(second.Length)];
    }
}
