using System.Globalization;
using DtMcp.Simulator.Setup;

namespace DtMcp.Simulator.Hosting;

/// <summary>What the made-up records and the clock can be asked for. Beyond it nothing is bent into shape without a word.</summary>
internal static class OptionBounds
{
    public const int MaxDays = 366;

    public const long MaxConnections = 60_000_000;

    public const int FewestDevices = 60;

    public const int MaxDevices = 25_000;

    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(10);

    private static readonly DateTimeOffset LastNow = new(9990, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static void Check(SimulatorOptions options)
    {
        if (options.Days is < 1 or > MaxDays)
        {
            throw new SimulatorException(FormattableString.Invariant($"days is {options.Days}; give 1 to {MaxDays}"));
        }

        if (options.Connections is < 0 or > MaxConnections)
        {
            throw new SimulatorException(FormattableString.Invariant(
                $"connections is {options.Connections}; give 1 to {MaxConnections}, or 0 for the natural number"));
        }

        if (options.Devices != 0 && options.Devices is < FewestDevices or > MaxDevices)
        {
            throw new SimulatorException(FormattableString.Invariant(
                $"devices is {options.Devices}; give {FewestDevices} to {MaxDevices}, or 0 for as many as its connections make"));
        }

        if (options.Now is { } now && (now < DateTimeOffset.UnixEpoch.AddDays(options.Days) || now > LastNow))
        {
            throw new SimulatorException(string.Create(
                CultureInfo.InvariantCulture,
                $"now is {now.UtcDateTime:yyyy-MM-dd HH:mm:ss}; give a time {options.Days} days or more after 1970 begins "
                + $"and before the year {LastNow.Year}"));
        }

        if (options.Delay < TimeSpan.Zero || options.Delay > LongestDelay)
        {
            throw new SimulatorException(string.Create(
                CultureInfo.InvariantCulture,
                $"delay is {options.Delay.TotalMilliseconds:0} ms; give 0 to {LongestDelay.TotalMinutes:0} minutes"));
        }

        if (options.IndexLimit < 0 || options.TermsListed < 1)
        {
            throw new SimulatorException(FormattableString.Invariant(
                $"the index limit is {options.IndexLimit} and values listed {options.TermsListed}; give 0 or more, and 1 or more"));
        }

        if (options.RecordsFile is { } file && string.IsNullOrWhiteSpace(file))
        {
            throw new SimulatorException("records names no file; give the path of a Zeek conn.log");
        }
    }
}
