using System.Net.Sockets;
using DtMcp.Simulator.Endpoints;
using DtMcp.Simulator.Faults;
using DtMcp.Simulator.Hosting;
using DtMcp.Simulator.Records;
using DtMcp.Simulator.Records.Addresses;
using DtMcp.Simulator.Records.ConnLogs;
using DtMcp.Simulator.Records.Exports;
using DtMcp.Simulator.Records.NameLogs;
using DtMcp.Simulator.Scenarios;
using DtMcp.Simulator.Setup;
using DtMcp.Simulator.Signing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace DtMcp.Simulator;

/// <summary>
/// A Darktrace appliance that is not one: Kestrel on loopback, signed requests in, the documented answers out, over made-up or recorded
/// connections. It shares no code with what it stands opposite: its addresses, ranges, devices, queries and signatures are twins on
/// purpose, so that a mistake in one shows against the other.
/// </summary>
public sealed class ApplianceSimulator : IAsyncDisposable
{
    private const int MaxRequestLineBytes = 256 * 1024;

    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stopping;
    private readonly RequestLog _log;
    private int _isDisposed;

    private ApplianceSimulator(WebApplication app, CancellationTokenSource stopping, RequestLog log, RecordSet records, TimeProvider clock)
    {
        _app = app;
        _stopping = stopping;
        _log = log;
        Records = records;
        Clock = clock;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>Where it listens, with the port it got.</summary>
    public Uri Address { get; }

    /// <summary>
    /// The appliance's clock. Starts at <see cref="SimulatorOptions.Now"/> or the end of the records and stands there, or runs at the
    /// speed of the one it was given (<see cref="SimulatorOptions.ClockRuns"/>).
    /// </summary>
    public TimeProvider Clock { get; }

    /// <summary>The last 10,000 requests, oldest first.</summary>
    public IReadOnlyList<RequestLogEntry> Requests => _log.Entries;

    /// <summary>Connections that it knows.</summary>
    public long RecordCount => Records.Rows.Length;

    internal RecordSet Records { get; }

    /// <summary>Loads or makes up the records and listens.</summary>
    /// <exception cref="SimulatorException">An option that cannot be followed; the message says what to mend.</exception>
    public static async Task<ApplianceSimulator> StartAsync(SimulatorOptions options, TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(timeProvider);
        OptionBounds.Check(options);
        var points = LoopbackAddress.Parse(options.Urls);
        var faults = FaultPlan.Parse(options.Fault);
        var permissions = new PermissionSet(options);
        options = options with { Restricted = permissions.Anonymised };
        var (records, now) = await Task.Run(() => Load(options, timeProvider, cancellationToken), cancellationToken).ConfigureAwait(false);
        var clock = options.ClockRuns ?? options.RecordsFile is null
            ? SimulatorClock.StartingAt(now, timeProvider)
            : SimulatorClock.StandingAt(now, timeProvider);

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MaxRequestLineSize = MaxRequestLineBytes;
            kestrel.Limits.MaxRequestBufferSize = 2 * MaxRequestLineBytes;
            foreach (var point in points)
            {
                kestrel.Listen(point);
            }
        });

        var app = builder.Build();
        var stopping = new CancellationTokenSource();
        var log = new RequestLog(options.OnRequest);
        var signatures = new SignatureCheck(options.PublicToken, options.PrivateToken, clock);
        app.Run(new RequestHandler(new Appliance(records, options, clock), signatures, permissions, faults, log,
            stopping.Token).HandleAsync);
        try
        {
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            await app.DisposeAsync().ConfigureAwait(false);
            stopping.Dispose();
            throw new SimulatorException($"cannot listen on {options.Urls}: {exception.Message}", exception);
        }

        return new ApplianceSimulator(app, stopping, log, records, clock);
    }

    /// <summary>Stops at once: requests under way are aborted.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1)
        {
            return;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        await _app.StopAsync(CancellationToken.None).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private static (RecordSet Records, DateTimeOffset Now) Load(SimulatorOptions options, TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        if (options.RecordsFile is not { } file)
        {
            var end = options.Now ?? WholeSecond(timeProvider.GetUtcNow(), roundUp: false);
            return (Adapt(OfficeScenario.Build(options.Seed, end, options.Days, options.Connections, options.Devices), options), end);
        }

        var records = Adapt(RecordsOf(file, options, cancellationToken), options);
        return (records, options.Now ?? WholeSecond(records.Rows.Length > 0
            ? DateTimeOffset.FromUnixTimeMilliseconds(records.LastMs)
            : timeProvider.GetUtcNow(), roundUp: true));
    }

    // A file of connections, or a directory with one and with logs of names beside it, or with what dtmcp export wrote.
    private static RecordSet RecordsOf(string path, SimulatorOptions options, CancellationToken cancellationToken)
    {
        var rules = AddressRules.From(options.Internal);
        if (!Directory.Exists(path))
        {
            return ConnLog.Load(path, rules, cancellationToken);
        }

        if (ExportedRecords.AreIn(path))
        {
            return ExportedRecords.Load(path, rules, cancellationToken);
        }

        var log = NameLog.Find(path, "conn") ?? throw new SimulatorException($"cannot read the records of {path}: it has no conn.log");
        var records = ConnLog.Load(log, rules, cancellationToken);
        return records.With(records.Facts with
        {
            Names =
            [
                .. Enum.GetValues<NameKind>().SelectMany(kind => NameLog.Find(path, kind.ToString().ToLowerInvariant()) is { } log
                    ? NameLog.Load(log, kind, cancellationToken)
                    : []),
            ],
        });
    }

    /// <summary>The records under the options: other inside ranges, named subnets, pseudonyms in place of names.</summary>
    private static RecordSet Adapt(RecordSet records, SimulatorOptions options)
    {
        if (options.Internal.Count > 0 || options.Subnets.Count > 0)
        {
            IReadOnlyList<(AddressRange, string?)>? subnets =
                options.Subnets.Count > 0 ? [.. options.Subnets.Select(text => (AddressRange.Parse(text), (string?)null))] : null;
            records = records.Under(AddressRules.From(options.Internal), subnets);
        }

        return options.Restricted ? records.With(Pseudonyms.InPlaceOf(records.Facts)) : records;
    }

    private static DateTimeOffset WholeSecond(DateTimeOffset time, bool roundUp)
    {
        var milliseconds = time.ToUnixTimeMilliseconds();
        return DateTimeOffset.FromUnixTimeSeconds((milliseconds + (roundUp ? 999 : 0)) / 1000);
    }
}
