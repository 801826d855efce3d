using System.Globalization;

namespace DtMcp.Tests.Reading.Records;

/// <summary>
/// Pages of Advanced Search whose entries have the fields of live ones, in one order or in many, with every kind of deviation mixed in.
/// </summary>
internal sealed class RandomPages(Random random)
{
    /// <summary>About when connections start.</summary>
    public const long FirstMs = 1_768_467_000_000;

    private static readonly string[] Keys =
    [
        "orig_pkts", "epochdate", "orig_ttl", "resp_bytes", "missed_bytes_resp", "duration", "source_ip", "source_port", "dest_ip",
        "dest_port", "resp_ttl", "conn_state", "orig_bytes", "resp_ip_bytes", "resp_asn", "resp_pkts", "proto", "resp_cc", "orig_cc",
        "orig_asn", "orig_ip_bytes", "history", "start_ts", "missed_bytes_orig", "uid", "local_resp", "local_orig", "conn_state_full",
        "service", "tunnel_parents",
    ];

    private string _colon = ":";
    private string _comma = ",";
    private int _oddity;
    private int _shuffled;
    private string[] _order = [];
    private bool _fieldsFirst;

    public string Next()
    {
        _colon = Pick(":", ":", ": ", " :\n");
        _comma = Pick(",", ",", ", ", ",\r\n\t");
        _oddity = random.Next(5) switch { 0 => 0, 1 => 1, 2 => 5, 3 => 30, _ => 3 };
        _shuffled = Pick(0, 0, 3, 50);
        _order = [.. Keys];
        _fieldsFirst = random.Next(2) == 0;
        if (random.Next(2) == 0)
        {
            random.Shuffle(_order);
        }

        if (random.Next(3) == 0)
        {
            _order = _order[..random.Next(1, _order.Length)];
        }

        var entries = new List<string>();
        for (var left = random.Next(16); left > 0; left--)
        {
            // An entry that comes again is read by its learned steps, however odd; one changed value in it has to be noticed.
            entries.Add(entries.Count > 0 && random.Next(2) == 0 ? Change(entries[random.Next(entries.Count)]) : Entry());
        }

        var total = Odd() ? Pick("{\"value\":70}", "\"70\"", "null", "-1") : random.Next(100).ToString(CultureInfo.InvariantCulture);
        var hits = $"\"hits\"{_colon}{{\"total\"{_colon}{total}{_comma}\"hits\"{_colon}[{string.Join(_comma, entries)}]}}";
        var timedOut = $"\"timed_out\"{_colon}{Pick("false", "true")}";
        return random.Next(4) switch
        {
            0 => "{" + timedOut + _comma + hits + "}",
            1 => "\uFEFF{" + hits + "}\n",
            _ => "{" + hits + _comma + timedOut + _comma + "\"darktraceChildError\":\"\"}",
        };
    }

    private string Change(string entry)
    {
        var starts = Enumerable.Range(1, entry.Length - 1).Where(i => char.IsAsciiDigit(entry[i]) && entry[i - 1] is ':' or ' ').ToArray();
        if (starts.Length == 0 || random.Next(3) == 0)
        {
            return entry;
        }

        var start = starts[random.Next(starts.Length)];
        var end = start;
        while (end < entry.Length && entry[end] is '.' or (>= '0' and <= '9'))
        {
            end++;
        }

        return entry[..start] + Number() + entry[end..];
    }

    // Numbers that are none are rare, since they end the reading.
    private string Number() => random.Next(12) == 0
        ? Pick("01", "00", "1.", ".5", "-", "1e", "0x1", "1_0", "12345678901234567890123456789", "+1", "1/0", "-01", "nul", "nulll",
            "truee", "9:", "1768467522.", "1768467522.4.1")
        : Pick("0", "-0", "1", "-7", "12345678", "123456789", "1234567890123456", "99999999", "100000000", "65535", "65536",
            "9007199254740991", "9007199254740992", "999999999999999999", "1000000000000000000", "9223372036854775808",
            "9999999999999999999", "-9223372036854775808", "253402300799", "253402300799.9994", "253402300799.9995", "253402300800",
            "0.0005", "1.00049", "12.3456", "7.9995", "1E2", "1.5e1", "2147483.647", "2147483.648", "999999999999999",
            "1000000000000000", "0.1234567890123456789", "0.12345678901234567890123456789", "null", "true", "false", "\"5\"", "\"05\"",
            "\"1.5\"", "\"1768467522.40136\"", "\"2026-01-15T08:58:42.5Z\"", "1768467522.40136", "1768467522.4014", "1768467522",
            "1768467522.0005", "{}", "[]", "{\"a\":1}", "[1,[2]]");

    private string Entry()
    {
        var order = _order;
        if (random.Next(100) < _shuffled)
        {
            order = [.. _order];
            random.Shuffle(order);
        }

        var fields = new List<string>();
        foreach (var key in order)
        {
            if (Odd() || (key is "duration" or "service" or "tunnel_parents" or "orig_cc" or "orig_asn" && random.Next(4) == 0))
            {
                continue;
            }

            fields.Add(Field(Odd() ? Respelled(key) : key, Value(key)));
            if (Odd())
            {
                var other = Pick(key, "unknown", "ts", "id.orig_h", _order[random.Next(_order.Length)]);
                fields.Add(Field(other, Odd() ? Weird() : Value(key)));
            }
        }

        var at = $"\"@fields\"{_colon}{(Odd() ? Weird() : "{" + string.Join(_comma, fields) + "}")}";
        List<string> source = ["\"@type\":\"conn\"", Field("@timestamp", Odd() ? Weird() : Text("2026-01-15T08:59:03")),
            Field("@message", Odd() ? Weird() : Message()), "\"@darktrace_probe\":\"1\""];
        source.Insert(_fieldsFirst ? 0 : source.Count, at);
        if (Odd())
        {
            source.Add(Odd() ? at : Field("@extra", Weird()));
        }

        List<string> entry = [Field("_index", Text("logstash-vmprobe-2026.01.15")), Field("_id", Text($"conn-{random.Next(1000)}")),
            Field("_score", "null"), Field(Odd() ? Pick("source", "_Source", "\\u005fsource") : "_source",
            Odd() ? Weird() : "{" + string.Join(_comma, source) + "}"), Field("sort", Pick("[1768467540000]", "[1768467540000]", "[1,2]"))];
        if (Odd())
        {
            entry.Add(Pick(entry[random.Next(entry.Count)], Field("more", Weird())));
        }

        return Odd() ? Weird() : "{" + string.Join(_comma, entry) + "}";
    }

    private string Respelled(string key) => Pick(key.ToUpperInvariant(), key.Replace("_", "", StringComparison.Ordinal), "S" + key,
        key.Replace("e", "\\u0065", StringComparison.Ordinal), "id.resp_h", "id.orig_p", "id.resp_p", "epochdate", "ts");

    private string Value(string key) => Odd() ? Odd() ? Number() : Weird() : key switch
    {
        "source_ip" => Address(random.Next(4)),
        "dest_ip" => Address(random.Next(40)),
        "source_port" or "dest_port" => Number(random.Next(65536)),
        "epochdate" or "start_ts" => Seconds(FirstMs + random.Next(1_000_000)),
        "duration" => Pick(Number(random.Next(1000)), random.NextDouble().ToString(CultureInfo.InvariantCulture),
            (random.NextDouble() * 100).ToString(CultureInfo.InvariantCulture), "20.535259008407593"),
        "missed_bytes_orig" or "missed_bytes_resp" => Pick("0", "0", "0", Number(random.Next(5000))),
        "proto" => Text(Pick("tcp", "udp", "icmp", "ICMP6", "-")),
        "service" => Text(Pick("ssl", "dns", "a-service-with-a-long-name", "(empty)", "")),
        "conn_state" => Text(Pick("SF", "S0", "REJ", "RSTO", "OTH", "-", "sf")),
        "local_orig" or "local_resp" => Pick("true", "false", "\"true\"", "\"false\"", "\"T\"", "null", "\"\""),
        "resp_cc" or "orig_cc" => Text(Pick("PA", "SE", "-", "")),
        "resp_asn" or "orig_asn" => Text(Pick("AS64500 Example Hosting", "AS64501 Ex\\u00e4mple \\u0026 Co", "AS64502 Bücher", "-",
            new string('a', random.Next(200, 300)), "AS1 " + new string('b', 250) + "\\u0041")),
        "uid" => Text($"C{random.NextInt64():x}"),
        "history" => Text(Pick("ShADadFf", "S", "")),
        "conn_state_full" => Text(Pick("Normal establishment and termination", "Connection attempt seen, no reply")),
        "tunnel_parents" => Pick("[]", "[\"Cabc\"]", "[\"Cabc\",\"Cdef\"]", "[{\"a\":[1]}]"),
        _ => Number(random.NextInt64(1L << random.Next(1, 50))),
    };

    private static string Address(int n) => Text(n % 7 == 6 ? $"2001:db8:1234:5678::{n:x}" : n % 11 == 9 ? $"::{n:x}" : $"192.0.2.{n}");

    // As log lines come, with tabs and now and then another escape.
    private string Message()
    {
        var columns = Enumerable.Range(0, random.Next(12)).Select(_ => Pick("192.0.2.1", "443", "-", "tcp", "a", "", "Bü"));
        return Text($"{FirstMs / 1000}.25" + Pick("\\t", "\\t", " ")
            + string.Join(Pick("\\t", "\\t", "\\t", "\\\\t", "\\\\", "\\\"", "\\u0009", "\\/t"), columns));
    }

    private string Weird() => Pick(
        "null", "true", "false", "-1", "0", "-0", "1e3", "1.5", "-2.5e-3", "99999999999999999999", "9007199254740993", "65536", "\"\"",
        "\"12\"", "\"-7\"", "\"x\\\"y\"", "\"\\ud83d\\ude00\"", "\"\\udc00\"", "{}", "[]", "[1,[2,{\"a\":null}]]",
        "{\"@fields\":{\"source_ip\":\"192.0.2.5\"}}", "{\"_source\":{\"@fields\":{\"proto\":\"tcp\"}}}", "{\"source_ip\":\"192.0.2.5\"}",
        "\"cdn.example.net\"", "\"2024-01-15T12:00:00Z\"", "12345678901234567", "\"::1\"", "\"192.0.2.1\"", "\"\\u0031\"",
        "\"a text that is longer than one vector of thirty-two bytes is\"", "\"\\t\\t\\\\\\\"\"", "0.00050", "3.9996", "[\"failed\"]");

    private static string Seconds(long ms) => (ms / 1000m).ToString(CultureInfo.InvariantCulture) + "136";

    private string Field(string key, string value) => $"\"{key}\"{_colon}{value}";

    private static string Text(string text) => $"\"{text}\"";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private bool Odd() => random.Next(100) < _oddity;

    private T Pick<T>(params T[] of) => of[random.Next(of.Length)];
}
