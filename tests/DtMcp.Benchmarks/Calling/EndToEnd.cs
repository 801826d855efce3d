using System.Diagnostics;
using DtMcp.Benchmarks.Reading;

namespace DtMcp.Benchmarks.Calling;

/// <summary>
/// <c>endtoend PROGRAM ROUNDS FILE EMPTY</c>: the wall time of one whole call beside its parts, in turns: curl of the body as it is sent
/// into nothing, unpacking alone, reading alone.
/// <c>FILE.gzip</c> and <c>FILE.br</c> are the packed bodies; EMPTY has next to no connections, so a call over it is a process's start and
/// end.
/// </summary>
internal static class EndToEnd
{
    private static readonly string[] Encodings = ["identity", "gzip", "br"];

    public static async Task RunAsync(string program, int rounds, string path, string empty)
    {
        var call = new ProgramCall(program, 5_000_000);
        var (truth, nothing) = (FlowsTruth.Of(path), FlowsTruth.Of(empty));
        var self = Environment.ProcessPath!;
        using var emptyServer = new ServedFile(empty);
        using var reading = new Contender("reading", self, ["worker", "fast", path]);
        List<double> starts = [], curlStarts = [];
        var bodies = Encodings.Select(encoding => new Body(path, encoding, self)).ToList();
        for (var round = 0; round <= rounds; round++)
        {
            Figures.Progress($"end to end, {Path.GetFileName(path)}, round {round} of {rounds}");
            await reading.RoundAsync(round);
            starts.Add(call.Once(emptyServer.Address, nothing, watchMemory: false).Seconds);
            curlStarts.Add(Fetch(emptyServer.Address) ?? 0);
            foreach (var body in bodies)
            {
                await body.RoundAsync(round, call, truth);
            }
        }

        Report(bodies, reading.Median, Figures.Median(starts), Figures.Median(curlStarts), new FileInfo(path).Length);
        bodies.ForEach(body => body.Dispose());
    }

    private static void Report(List<Body> bodies, double read, double start, double curlStart, long size)
    {
        Console.WriteLine(
            $"{size / 1e6:f0} MB; reading alone {read * 1e3:f0} ms; over a body of one connection a call takes {start * 1e3:f0} ms and " +
            $"curl {curlStart * 1e3:f0} ms (a process's start and end), taken off in the columns \"less start\"\n");
        Figures.Head(
            "body", "MB on the wire", "curl ms", "unpacking ms", "call ms", "call's processor ms", "(curl + unpacking + reading) / call",
            "at least 0.7", "less start",
            "the same without unpacking", "slower of unpacking and reading / call", "at least 0.7", "less start");
        foreach (var body in bodies)
        {
            var (slower, parts) = (Math.Max(body.Unpacking, read), body.Curl + body.Unpacking + read);
            var (whole, worst) = (parts / body.Call, slower / body.Call);
            var hasCurl = body.Curl > 0;
            Figures.Row(
                body.Encoding, body.Size / 1e6, hasCurl ? body.Curl * 1e3 : "not here",
                body.Encoding == "identity" ? "" : body.Unpacking * 1e3, body.Call * 1e3, body.Processor * 1e3,
                hasCurl ? whole : "", hasCurl ? Figures.YesNo(whole >= 0.7) : "", hasCurl ? (parts - curlStart) / (body.Call - start) : "",
                hasCurl ? (body.Curl + read) / body.Call : "", worst, Figures.YesNo(worst >= 0.7), slower / (body.Call - start));
        }
    }

    private static double? Fetch(string address)
    {
        try
        {
            var watch = Stopwatch.StartNew();
            using var process = Process.Start(new ProcessStartInfo("curl",
                ["-sf", "--noproxy", "*", "-o", "/dev/null", address + "/network"]))!;
            process.WaitForExit();
            return process.ExitCode == 0 ? watch.Elapsed.TotalSeconds : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private sealed class Body : IDisposable
    {
        private readonly ServedFile _server;
        private readonly Contender? _unpacking;
        private readonly List<double> _curl = [];
        private readonly List<double> _call = [];
        private readonly List<double> _processor = [];

        public Body(string path, string encoding, string self)
        {
            Encoding = encoding;
            var packed = encoding == "identity" ? path : $"{path}.{encoding}";
            Size = new FileInfo(packed).Length;
            _server = new ServedFile(packed, encoding);
            _unpacking = encoding == "identity" ? null : new Contender(encoding, self, ["worker", encoding, packed]);
        }

        public string Encoding { get; }

        public long Size { get; }

        public double Curl => Figures.Median(_curl);

        public double Call => Figures.Median(_call);

        public double Processor => Figures.Median(_processor);

        public double Unpacking => _unpacking?.Median ?? 0;

        public async Task RoundAsync(int round, ProgramCall call, FlowsTruth truth)
        {
            if (_unpacking is not null)
            {
                await _unpacking.RoundAsync(round);
            }

            var curl = Fetch(_server.Address);
            var run = call.Once(_server.Address, truth, watchMemory: false);
            if (round > 0)
            {
                _curl.AddRange(curl is { } seconds ? [seconds] : []);
                _call.Add(run.Seconds);
                _processor.Add(run.ProcessorSeconds);
            }
        }

        public void Dispose()
        {
            _server.Dispose();
            _unpacking?.Dispose();
        }
    }
}
