using System.Globalization;
using System.Text;

namespace DtMcp.Benchmarks.Reading;

/// <summary>
/// Writes an answer of the row shape: about 420 bytes a connection, hosts by Zipf's law, 5,000 devices, 50,000 outside addresses.
/// </summary>
internal static class FlowsFile
{
    /// <summary>The hour in which all connections start.</summary>
    public const long FirstMs = 1_705_320_000_000;
    public const long LastMs = FirstMs + 3_600_000;

    private const int Devices = 5_000;
    private const int Outside = 50_000;

    public static FlowsTruth Write(string path, long bytes)
    {
        var random = new Random(1);
        var (inner, outer) = (Zipf(Devices), Zipf(Outside));
        string[] applications = ["https", "dns", "http", "smb", "ssh", "ntp", "mysql", "unknown"];
        int[] ports = [443, 53, 80, 445, 22, 123, 3306, 8443];
        using var to = new StreamWriter(path, false, new UTF8Encoding(false), 1 << 20);
        to.Write("{\"traffic\":[");
        long written = 12, rows = 0, sum = 0, outward = 0, outwardSum = 0;
        while (written < bytes)
        {
            var external = random.Next(10) < 6;
            var kind = random.Next(applications.Length);
            var start = FirstMs + random.Next(3_600_000);
            var length = random.Next(600);
            var source = Device(Draw(inner, random));
            var destination = external ? Far(Draw(outer, random)) : Device(Draw(inner, random));
            var sourcePort = random.Next(1024, 65536);
            var size = (long)Math.Exp(random.NextDouble() * 18);
            var row = string.Create(CultureInfo.InvariantCulture,
                $"{(rows++ > 0 ? "," : "")}{{\"sourcedevice\":{source},\"destinationdevice\":{destination},"
                + $"\"protocol\":\"{(kind is 1 or 5 ? "udp" : "tcp")}\",\"sourceport\":{sourcePort},"
                + $"\"destinationport\":{ports[kind]},\"applicationprotocol\":\"{applications[kind]}\",\"bytes\":{size},"
                + $"\"packets\":{random.Next(1, 5000)},\"duration\":{length},\"starttime\":{start},"
                + $"\"endtime\":{start + (length * 1000L)},\"direction\":\"{(external ? "external" : "internal")}\","
                + $"\"flags\":[\"established\",\"ack\"]}}");
            to.Write(row);
            written += row.Length;
            sum += size;
            outward += external ? 1 : 0;
            outwardSum += external ? size : 0;
        }

        to.Write(string.Create(CultureInfo.InvariantCulture, $"],\"summary\":{{\"totalconnections\":{rows}}}}}"));
        return new FlowsTruth(rows, sum, outward, outwardSum);
    }

    private static string Device(int n) => string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"did\":{n + 1},\"ip\":\"10.{n / 250 % 250}.{n % 250}.{(n % 200) + 10}\","
        + $"\"hostname\":\"workstation-{n:d4}\",\"devicelabel\":\"Workstation {n}\"}}");

    private static string Far(int n) => string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"did\":{100_000 + n},\"ip\":\"203.{n / 62_500}.{n / 250 % 250}.{n % 250}\","
        + $"\"hostname\":\"edge-{n}.example.net\",\"devicelabel\":\"\"}}");

    internal static double[] Zipf(int count)
    {
        var sums = new double[count];
        double sum = 0;
        for (var i = 0; i < count; i++)
        {
            sums[i] = sum += 1.0 / (i + 1);
        }

        return sums;
    }

    internal static int Draw(double[] sums, Random random)
    {
        var at = Array.BinarySearch(sums, random.NextDouble() * sums[^1]);
        return at < 0 ? Math.Min(~at, sums.Length - 1) : at;
    }
}
