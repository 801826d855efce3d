using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using DtMcp.Benchmarks.Reading;

namespace DtMcp.Benchmarks.Calling;

/// <summary>One whole <c>dtmcp call</c>, of external traffic or of all: a process from its start to its end, its answer checked.</summary>
internal sealed partial class ProgramCall(string program, long mostFlows, string tool = ProgramCall.External)
{
    public const string External = "summarize_external_traffic";
    public const string All = "summarize_network_traffic";

    public readonly record struct Run(double Seconds, double ProcessorSeconds, long PeakBytes);

    /// <param name="address">The appliance.</param>
    /// <param name="truth">What it sends.</param>
    /// <param name="watchMemory">Whether to look for the peak of its memory, which disturbs the time.</param>
    public Run Once(string address, FlowsTruth truth, bool watchMemory)
    {
        string[] arguments = ["call", tool, $"starttime={FlowsFile.FirstMs}", $"endtime={FlowsFile.LastMs}"];
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(IsSetting).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["DARKTRACE_HOST"] = address;
        start.Environment["DARKTRACE_PUBLIC_TOKEN"] = RandomNumberGenerator.GetHexString(40, lowercase: true);
        start.Environment["DARKTRACE_PRIVATE_TOKEN"] = RandomNumberGenerator.GetHexString(40, lowercase: true);
        start.Environment["DARKTRACE_TIMEOUT"] = "600";
        start.Environment["DTMCP_MAX_FLOWS"] = mostFlows.ToString(CultureInfo.InvariantCulture);
        start.Environment["DTMCP_CACHE_MB"] = "2000";
        var before = ChildrensProcessor();
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var peak = watchMemory ? Task.Run(() => Peak(process)) : null;
        var errors = process.StandardError.ReadToEndAsync();
        var answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var seconds = watch.Elapsed.TotalSeconds;
        var totals = Totals().Match(answer);
        var expected = string.Create(CultureInfo.InvariantCulture,
            $"connections {(tool == External ? truth.External : truth.Rows)}, bytes " +
            $"{(tool == External ? truth.ExternalBytes : truth.Bytes)}");
        return process.ExitCode == 0 && totals.Success && totals.Groups[1].Value == expected
            ? new Run(seconds, ChildrensProcessor() - before, peak?.Result ?? 0)
            : throw new InvalidOperationException(
                $"Wrong answer, exit {process.ExitCode}: {totals.Value}, not {expected}. {errors.Result}");
    }

    private static bool IsSetting(string name) =>
        name.StartsWith("DARKTRACE_", StringComparison.Ordinal) || name.StartsWith("DTMCP_", StringComparison.Ordinal);

    /// <summary>Processor seconds of all children that have ended: a process that has ended tells them no other way.</summary>
    private static double ChildrensProcessor()
    {
        // struct rusage begins with the user's and the system's time, seconds and microseconds each; 18 words in all.
        var usage = new long[18];
        return GetUsage(-1, usage) == 0 ? usage[0] + usage[2] + ((usage[1] + usage[3]) / 1e6) : 0;
    }

    [DllImport("libc", EntryPoint = "getrusage"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetUsage(int who, [Out] long[] usage);

    /// <summary>VmHWM only grows, so the last look before the end tells it.</summary>
    private static long Peak(Process process)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/status");
        long peak = 0;
        while (true)
        {
            try
            {
                if (HighWater().Match(File.ReadAllText(path)) is not { Success: true } found)
                {
                    return peak;
                }

                peak = long.Parse(found.Groups[1].ValueSpan, CultureInfo.InvariantCulture) * 1024;
            }
            catch (IOException)
            {
                return peak;
            }

            Thread.Sleep(1);
        }
    }

    [GeneratedRegex(@"^totals: (connections \d+, bytes \d+)", RegexOptions.Multiline)]
    private static partial Regex Totals();

    [GeneratedRegex(@"VmHWM:\s+(\d+)")]
    private static partial Regex HighWater();
}
