using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Packing;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Simulator.Setup;
using DtMcp.Tests.Reading;
using DtMcp.Traffic;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Evidence.Packing;
using DtMcp.Traffic.Questions;

namespace DtMcp.Tests.Evidence.Packing;

public class PackedCaptureTests
{
    private static readonly string[] Tools =
    [
        "summarize_network_traffic", "summarize_external_traffic", "analyze_protocols_and_ports", "analyze_bandwidth", "hunt_traffic",
        "get_network_traffic", "analyze_device_activity",
    ];

    [Theory]
    [InlineData(Dialect.Sdk, EvidencePolicy.Auto)]
    [InlineData(Dialect.Guide, EvidencePolicy.Auto)]
    [InlineData(Dialect.Guide, EvidencePolicy.Network)]
    public async Task Every_tool_answers_the_same_of_a_capture_that_was_packed(Dialect dialect, EvidencePolicy evidence)
    {
        await using var plain = await InvestigatorFixture.StartAsync(
            options => options with { Dialect = dialect, Connections = 1_500 }, options => options with { Evidence = evidence });
        var unpacked = new Unpacking();
        var options = plain.Investigator.Options;
        var other = new Investigator(options, plain.Client, plain.Appliance.Clock, WorkGate.OfProcess, null, unpacked);
        var window = plain.LastDay;
        foreach (var tool in Tools)
        {
            var filters = tool == "analyze_device_activity" ? new NetworkQuery { Did = 3 } : new NetworkQuery();
            var question = new Question
            {
                Investigation = DtMcp.Tests.Support.Investigating.Of(tool),
                Filters = filters,
                Window = window,
                Format = AnswerFormat.Json,
                NoBudget = true,
                Limit = 1_000,
            };
            var expected = await plain.Investigator.AskAsync(question, null, TestContext.Current.CancellationToken);
            var answer = await other.AskAsync(question, null, TestContext.Current.CancellationToken);
            Assert.Equal(Told(expected.Json!), Told(answer.Json!));
        }

        Assert.InRange(unpacked.Count, 1, int.MaxValue);

        static string Told(string json)
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return string.Concat(new[] { "totals", "tables", "notes" }.Select(name => root.GetProperty(name).GetRawText()));
        }
    }

    [Fact]
    public async Task What_is_packed_is_unpacked_to_the_same_whatever_the_rows()
    {
        var random = new Random(7);
        for (var round = 0; round < 8; round++)
        {
            var capture = await RandomAsync(random, random.Next(0, 20_000));
            var bytes = Pack(capture);
            using var stream = new MemoryStream(bytes);
            var other = PackedCapture.Read(stream);

            Assert.Equal(capture.Head, other.Head);
            Assert.Equal(capture.Evidence, other.Evidence);
            Assert.Equal(capture.Notes, other.Notes);
            AssertSame(capture.Flows!, other.Flows!);
            Assert.Equal(Convert.ToHexString(SHA256.HashData(bytes)), Convert.ToHexString(SHA256.HashData(Pack(other))));
        }
    }

    [Fact]
    public async Task Bytes_that_were_changed_or_cut_are_refused_and_never_more()
    {
        var random = new Random(11);
        var bytes = Pack(await RandomAsync(random, 200));
        for (var round = 0; round < 1_000; round++)
        {
            var changed = random.Next(4) == 0 ? bytes[..random.Next(bytes.Length)] : [.. bytes];
            for (var change = random.Next(1, 4); change > 0 && changed.Length > 0; change--)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }

            using var stream = new MemoryStream(changed);
            var error = Record.Exception(() => PackedCapture.Read(stream));
            Assert.True(error is null or InvalidDataException or IOException or FormatException or ArgumentException, $"{round}: {error}");
        }
    }

    // Replicas of a program with another form must not read it: PackedFlows.Version goes up with each change of this.
    [Fact]
    public async Task The_form_is_the_one_of_this_version()
    {
        var packed = Pack(await RandomAsync(new Random(3), 1_000));
        using var unpacked = new MemoryStream();
        using (var brotli = new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress))
        {
            await brotli.CopyToAsync(unpacked, TestContext.Current.CancellationToken);
        }

        Assert.Equal((1, "C1373296626DF874"), (PackedFlows.Version, Convert.ToHexString(SHA256.HashData(unpacked.ToArray()))[..16]));
    }

    private static byte[] Pack(Capture capture)
    {
        using var stream = new MemoryStream();
        PackedCapture.Write(stream, capture);
        return stream.ToArray();
    }

    private static async Task<Capture> RandomAsync(Random random, int rows)
    {
        var lines = Enumerable.Range(0, rows).Select(_ =>
        {
            string[] fields =
            [
                $"\"sourcedevice\":{End()}", $"\"destinationdevice\":{End()}", $"\"sourceport\":{random.Next(-2, 70_000)}",
                $"\"destinationport\":{random.Next(1_024)}", $"\"protocol\":\"P{random.Next(5)}\"",
                $"\"applicationprotocol\":\"A{random.Next(300)}\"", $"\"bytes\":{random.NextInt64(-5, 1L << 50)}",
                $"\"packets\":{random.Next(10_000)}", $"\"starttime\":{1_700_000_000_000 + random.NextInt64(-1L << 36, 1L << 36)}",
                $"\"duration\":{random.Next(1_000_000)}",
            ];
            return "{" + string.Join(',', fields.Where(_ => random.Next(10) > 0)) + "}";
        });
        var (_, flows) = await Bodies.ReadAsync("{\"traffic\":[" + string.Join(',', lines) + "]}");
        return new Capture
        {
            Key = new CaptureKey(new TimeWindow(random.Next(1_000), random.Next(1_000, 2_000)), new NetworkQuery
            {
                Did = random.Next(2) == 0 ? null : random.NextInt64(),
                Ip = random.Next(2) == 0 ? null : NetAddress.FromIPv4((uint)random.Next()),
                ApplicationProtocol = random.Next(2) == 0 ? null : "HTTPS",
                FullDeviceDetails = random.Next(3) switch { 0 => null, 1 => true, _ => false },
                IntExt = random.Next(3) switch { 0 => null, 1 => TrafficSide.Internal, _ => TrafficSide.External },
                DestinationPort = random.Next(2) == 0 ? null : random.Next(65_536),
            }, random.Next(2) == 0),
            Evidence = EvidenceKind.Flows,
            ReadAt = DateTimeOffset.FromUnixTimeMilliseconds(random.NextInt64(1L << 41)),
            Flows = flows,
            LacksNames = random.Next(2) == 0,
            Notes = [.. Enumerable.Range(0, random.Next(3)).Select(i => $"note {i} \u2026")],
        };

        string End() => random.Next(6) switch
        {
            0 => $"{{\"hostname\":\"h{random.Next(50)}.test\"}}",
            1 => $"{{\"did\":{random.Next(-3, 40)}}}",
            2 => "{}",
            3 => $"{{\"ip\":\"2001:db8::{random.Next(1, 9_999):x}\"}}",
            4 => $"{{\"ip\":\"10.0.{random.Next(3)}.{random.Next(256)}\",\"did\":{random.Next(60)},"
                + $"\"hostname\":\"d\\u00e9{random.Next(9)}\",\"tags\":[\"a\",\"b\"]}}",
            _ => $"{{\"ip\":\"203.0.113.{random.Next(256)}\",\"country\":\"Nowhere\",\"asn\":\"AS64511\"}}",
        };
    }

    private static void AssertSame(FlowSet one, FlowSet other)
    {
        Assert.Equal(one.Count, other.Count);
        Assert.Equal(
            (one.Bytes, one.Seen, one.HasServices, one.Outside, one.IsFull),
            (other.Bytes, other.Seen, other.HasServices, other.Outside, other.IsFull));
        Assert.Equal(one.Invalid.Kinds, other.Invalid.Kinds);
        Assert.Equal(one.Hosts.Count, other.Hosts.Count);
        for (var id = 0; id < one.Hosts.Count; id++)
        {
            Assert.Equal(
                (one.Hosts.Name(id), one.Hosts.Address(id), one.Hosts.Did(id), one.Hosts.ReportedInside(id)),
                (other.Hosts.Name(id), other.Hosts.Address(id), other.Hosts.Did(id), other.Hosts.ReportedInside(id)));
            Assert.Equal(JsonSerializer.Serialize(one.Hosts.Details(id)), JsonSerializer.Serialize(other.Hosts.Details(id)));
            if (one.Hosts.Address(id).IsPresent)
            {
                Assert.True(one.Hosts.TryGet(one.Hosts.Address(id), out var first));
                Assert.True(other.Hosts.TryGet(one.Hosts.Address(id), out var second));
                Assert.Equal(first, second);
            }
        }

        foreach (var (a, b) in new[] { (one.Protocols, other.Protocols), (one.ApplicationProtocols, other.ApplicationProtocols) })
        {
            Assert.Equal(a.Count, b.Count);
            Assert.All(Enumerable.Range(0, a.Count), id => Assert.Equal(a[(ushort)id], b[(ushort)id]));
        }

        Assert.Equal(one.Chunks.Count, other.Chunks.Count);
        foreach (var (a, b) in one.Chunks.Zip(other.Chunks))
        {
            Assert.Equal(a.Count, b.Count);
            for (var i = 0; i < a.Count; i++)
            {
                Assert.Equal(
                    (a.Start(i), a.Duration[i], a.Source[i], a.Destination[i], a.SourcePort[i], a.DestinationPort[i], a.Traits[i]),
                    (b.Start(i), b.Duration[i], b.Source[i], b.Destination[i], b.SourcePort[i], b.DestinationPort[i], b.Traits[i]));
                Assert.Equal(
                    (a.Bytes[i], a.BytesOut[i], a.Packets[i], a.Protocol[i], a.ApplicationProtocol[i]),
                    (b.Bytes[i], b.BytesOut[i], b.Packets[i], b.Protocol[i], b.ApplicationProtocol[i]));
            }
        }
    }

    private sealed class Unpacking : ISharedCaptures
    {
        public int Count { get; private set; }

        public async Task<Capture> ReadAsync(SharedWish wish, Func<CancellationToken, Task<Capture>> read, IProgress<AskProgress>? progress,
            CancellationToken cancellationToken)
        {
            var capture = await read(cancellationToken);
            using var stream = new MemoryStream(Pack(capture));
            Count++;
            return PackedCapture.Read(stream);
        }
    }
}
