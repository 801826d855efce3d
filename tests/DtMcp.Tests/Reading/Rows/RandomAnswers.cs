using System.Globalization;

namespace DtMcp.Tests.Reading.Rows;

/// <summary>Answers with <c>traffic[]</c> whose rows mostly share one shape, with every kind of deviation mixed in.</summary>
internal sealed class RandomAnswers(Random random)
{
    private string _colon = ":";
    private string _comma = ",";
    private int _oddity;
    private string[] _order = [];

    public string Next()
    {
        _colon = Pick(":", ":", ": ", " :\n");
        _comma = Pick(",", ",", ", ", ",\r\n\t");
        _oddity = random.Next(5) switch { 0 => 0, 1 => 2, 2 => 10, 3 => 40, _ => 5 };
        _order = ["sourcedevice", "destinationdevice", "protocol", "sourceport", "destinationport", "applicationprotocol", "bytes",
            "packets", "duration", "starttime", "endtime", "direction", "flags"];
        if (random.Next(2) == 0)
        {
            random.Shuffle(_order);
        }

        if (random.Next(3) == 0)
        {
            _order = _order[..random.Next(1, _order.Length)];
        }

        var rows = new List<string>();
        for (var left = random.Next(16); left > 0; left--)
        {
            // A row that comes again is read by its learned shape, however odd; one changed number in it has to be noticed.
            rows.Add(rows.Count > 0 && random.Next(2) == 0 ? Change(rows[random.Next(rows.Count)]) : Row());
        }

        var traffic = $"\"traffic\"{_colon}[{string.Join(_comma, rows)}]";
        var summary = $"\"summary\"{_colon}{{\"totalconnections\"{_colon}{random.Next(100)}}}";
        return random.Next(8) switch
        {
            0 => "{" + summary + _comma + traffic + "}",
            1 => "[" + string.Join(_comma, Enumerable.Range(0, 4).Select(_ => Row())) + "]",
            2 => "\uFEFF{" + traffic + "}\n",
            _ => "{" + traffic + _comma + summary + "}",
        };
    }

    private string Change(string row)
    {
        var starts = Enumerable.Range(1, row.Length - 1).Where(i => char.IsAsciiDigit(row[i]) && row[i - 1] is ':' or ' ').ToArray();
        if (starts.Length == 0 || random.Next(3) == 0)
        {
            return row;
        }

        var start = starts[random.Next(starts.Length)];
        var end = start;
        while (end < row.Length && row[end] is '.' or (>= '0' and <= '9'))
        {
            end++;
        }

        // Numbers that are none are rare, since they end the reading.
        var number = random.Next(12) == 0
            ? Pick("01", "00", "1.", ".5", "-", "1e", "0x1", "1_0", "12345678901234567890123456789", "+1", "1/0", "-01", "nul", "nulll",
                "truee", "9:")
            : Pick("0", "-0", "1", "-7", "12345678", "123456789", "1234567890123456", "99999999", "100000000", "65535", "65536",
                "9007199254740991", "9007199254740992", "999999999999999999",
                "1000000000000000000", "9223372036854775808", "9999999999999999999", "-9223372036854775808", "253402300799999",
                "253402300800000", "0.0005", "1.00049", "12.3456", "7.9995", "1E2", "1.5e1", "2147483.647", "2147483.648",
                "999999999999999", "1000000000000000",
                "0.1234567890123456789", "null", "true", "\"5\"",
                "1000000000000", "9999999999999", "0999999999999", "1705320000000", "1705320000000.5", "17053200000005", "170532000000");
        return row[..start] + number + row[end..];
    }

    private string Row()
    {
        var fields = new List<string>();
        foreach (var key in _order)
        {
            if (Odd())
            {
                continue;
            }

            fields.Add(Field(Odd() ? Pick(key.ToUpperInvariant(), "S" + key, key.Replace("e", "\\u0065", StringComparison.Ordinal)) : key,
                Value(key)));
            if (Odd())
            {
                fields.Add(Field(Pick(key, "unknown", _order[random.Next(_order.Length)]), Odd() ? Weird() : Value(key)));
            }
        }

        return Odd() ? Weird() : "{" + string.Join(_comma, fields) + "}";
    }

    private string Value(string key) => Odd() ? Weird() : key switch
    {
        "sourcedevice" => Device(random.Next(4)),
        "destinationdevice" => Device(random.Next(40)),
        "protocol" => Text(Pick("tcp", "udp", "icmp")),
        "applicationprotocol" => Pick(Text("https"), Text("dns"), Text("a-protocol-with-a-long-name"), "null"),
        "sourceport" or "destinationport" => Number(random.Next(65536)),
        "bytes" => Number(random.NextInt64(1L << random.Next(1, 50))),
        "packets" => Number(random.Next(100_000)),
        "duration" => Pick(Number(random.Next(1000)), random.NextDouble().ToString(CultureInfo.InvariantCulture),
            (random.Next(10_000) / 1000.0).ToString(CultureInfo.InvariantCulture)),
        "starttime" or "endtime" => Number(1_705_320_000_000 + random.Next(1_000_000)),
        "direction" => Text(Pick("internal", "external", "External", "")),
        _ => Pick("[\"established\",\"ack\"]", "[\"established\",\"ack\"]",
            $"[{string.Join(_comma, Enumerable.Range(0, random.Next(5)).Select(_ => Flag()))}]"),
    };

    private string Flag() =>
        Text(Pick("established", "ack", "failed", "FAILED", "Rejected", "rejected", "", "fin\\u0064", "\\u0066ailed",
            "a-flag-of-many-more-letters", $"flag{random.Next(40)}"));

    private string Device(int n)
    {
        var fields = new List<string>
        {
            Field("did", Number(n)),
            Field("ip", Text(n % 7 == 6 ? $"2001:db8:1234:5678::{n:x}" : $"192.0.2.{n}")),
        };
        if (n % 3 != 0 || Odd())
        {
            fields.Add(Field("hostname", Text(Odd() ? "h\\u00e9\\/\\ud83d" : $"host-{n}é")));
            fields.Add(Field(Pick("firstseen", "firstSeen"), Number(1_705_233_600_000 + n)));
        }

        if (Odd())
        {
            fields.Add(Field("ips",
                Pick("[\"192.0.2.77\"]", "[{\"ip\":\"192.0.2.78\",\"sid\":4},{\"ip\":\"192.0.2.79\"}]", "[]", "\"192.0.2.80\"")));
        }

        if (Odd())
        {
            fields.Add(Field("tags", Pick("[\"a\",\"b\"]", "[{\"name\":\"c\",\"tid\":4}]", "[[\"d\"]]", "\"e\"", "null")));
        }

        if (Odd())
        {
            fields.Add(Field(Pick("typelabel", "devicetype", "os", "sid", "ip", "did", "lastseen"),
                Odd() ? Weird() : Pick(Text("x"), Number(5), Text("198.51.100.1"))));
        }

        if (Odd())
        {
            fields.RemoveAt(random.Next(fields.Count));
        }

        return "{" + string.Join(_comma, fields) + "}";
    }

    private string Weird() => Pick(
        "null", "true", "false", "-1", "0", "-0", "1e3", "1.5", "-2.5e-3", "99999999999999999999", "9007199254740993", "65536", "\"\"",
        "\"12\"", "\"-7\"", "\"x\\\"y\"", "\"\\ud83d\\ude00\"",
        "\"\\udc00\"", "{}", "[]", "[1,[2,{\"a\":null}]]", "{\"ip\":\"192.0.2.5\",\"bytes\":7}", "\"cdn.example.net\"",
        "\"2024-01-15T12:00:00Z\"", "12345678901234567", "1234567890123456789",
        "\"failed\"", "\"::1\"", "\"a text that is longer than one vector of thirty-two bytes is\"", "[\"failed\"]", "0.00050", "3.9996");

    private string Field(string key, string value) => $"\"{key}\"{_colon}{value}";

    private static string Text(string text) => $"\"{text}\"";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private bool Odd() => random.Next(100) < _oddity;

    private T Pick<T>(params T[] of) => of[random.Next(of.Length)];
}
