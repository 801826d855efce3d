using System.Diagnostics;
using System.Text;

namespace DtMcp.Benchmarks.Serving;

/// <summary>A server under load: its process, its address (the first line it says), and what the rounds showed.</summary>
internal sealed class Served : IDisposable
{
    private readonly Process _process;
    private readonly List<double> _callsASecond = [];
    private readonly List<double> _milliseconds = [];
    private readonly List<double> _processor = [];

    private Served(string name, Process process, string address) => (Name, _process, Address) = (name, process, new Uri(address));

    public string Name { get; }

    public Uri Address { get; }

    public double CallsASecond => Figures.Median(_callsASecond);

    public double P50 => Figures.At(_milliseconds, 0.5);

    public double P99 => Figures.At(_milliseconds, 0.99);

    /// <summary>Microseconds of processor a call.</summary>
    public double Processor => Figures.Median(_processor);

    public double RestMiB { get; private set; }

    public double PeakMiB { get; private set; }

    /// <summary>Null when the program is not here or does not start.</summary>
    public static Served? Start(string name, string program, params string[] arguments)
    {
        try
        {
            var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
            return process.StandardOutput.ReadLine() is { } address ? new Served(name, process, address) : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>One call; the whole answer.</summary>
    public string Ask(string json)
    {
        using var client = new RawClient(Address, json);
        return Encoding.UTF8.GetString(client.Post());
    }

    public void Round(string json, byte[] expected, int connections, TimeSpan length, bool counts)
    {
        var before = Processed();
        var watch = Stopwatch.StartNew();
        var times = new List<double>[connections];
        var threads = Enumerable.Range(0, connections).Select(at => new Thread(() => times[at] = Load(json, expected, length))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        var seconds = watch.Elapsed.TotalSeconds;
        var calls = times.Sum(of => of?.Count ?? throw new InvalidOperationException($"{Name}: a connection failed."));
        var spent = (Processed() - before).TotalMicroseconds / calls;
        RestMiB = _process.WorkingSet64 / (double)(1 << 20);
        PeakMiB = _process.PeakWorkingSet64 / (double)(1 << 20);
        if (counts)
        {
            _callsASecond.Add(calls / seconds);
            _processor.Add(spent);
            _milliseconds.AddRange(times.SelectMany(of => of));
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private List<double> Load(string json, byte[] expected, TimeSpan length)
    {
        List<double> times = [];
        using var client = new RawClient(Address, json);
        var until = Stopwatch.GetTimestamp() + (long)(length.TotalSeconds * Stopwatch.Frequency);
        for (var start = Stopwatch.GetTimestamp(); start < until;)
        {
            if (client.Post().IndexOf(expected) < 0)
            {
                throw new InvalidOperationException($"{Name} answered something else.");
            }

            var end = Stopwatch.GetTimestamp();
            times.Add((end - start) * 1000.0 / Stopwatch.Frequency);
            start = end;
        }

        return times;
    }

    private TimeSpan Processed()
    {
        _process.Refresh();
        return _process.TotalProcessorTime;
    }
}
