using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DtMcp.Darktrace.Packing;
using DtMcp.Darktrace.Sending;
using DtMcp.Replicas.Captures;
using DtMcp.Replicas.Leasing;
using DtMcp.Replicas.Sealing;
using DtMcp.Replicas.Wire;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Questions;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace DtMcp.Replicas;

/// <summary>
/// What replicas of the program share through one Redis: captures, who reads what, the places among the requests at once to an appliance,
/// and that it does not answer. Without Redis each replica answers as one that is alone.
/// </summary>
public sealed class ReplicaSharing : IAsyncDisposable
{
    /// <summary>The name of its metrics (<c>Meter</c>).</summary>
    public const string ObservedAs = ReplicaInstruments.Name;

    private const string Try =
        """
        redis.call('TIME')
        redis.call('SET', KEYS[1], '1', 'PX', 5000)
        return redis.call('DEL', KEYS[1])
        """;

    private readonly RedisOptions _options;
    private readonly Func<KeyRing> _keys;
    private readonly string _version;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly RedisLink _link;
    private readonly Leases _leases;

    /// <summary>Nothing is connected before the first question.</summary>
    /// <param name="options">Where Redis is.</param>
    /// <param name="keys">The keys as they are now.</param>
    /// <param name="version">Which program this is: replicas of different ones share no captures.</param>
    /// <param name="clock">Times waits.</param>
    /// <param name="loggers">Are told when Redis is away, and when it is back.</param>
    public ReplicaSharing(RedisOptions options, Func<KeyRing> keys, string version, TimeProvider clock, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(loggers);
        (_options, _keys, _version, _clock) = (options, keys, version, clock);
        _logger = loggers.CreateLogger("DtMcp.Replicas");
        _link = new RedisLink(options, clock, _logger);
        _leases = new Leases(_link, clock);
    }

    /// <summary>Tries whether Redis answers, and lets this user do what replicas do there: run a script, write and remove a key.</summary>
    /// <returns>Why not; null where it does.</returns>
    public async Task<string?> WhyNotAsync(CancellationToken cancellationToken)
    {
        RedisKey key = $"dtmcp:{{check}}:{Guid.NewGuid():N}";
        var (isAnswered, _) = await _link.AskAsync(
            redis => redis.ScriptEvaluateAsync(Try, [key], flags: CommandFlags.NoScriptCache), isBulk: false, cancellationToken)
            .ConfigureAwait(false);
        return isAnswered ? null : _link.Reason ?? "it does not answer";
    }

    /// <summary>Places at an appliance: one for all who ask it, whoever they are there.</summary>
    public ISharedAppliance Appliance(DarktraceOptions appliance)
    {
        ArgumentNullException.ThrowIfNull(appliance);
        return new SharedPlaces(_link, _leases, Name("places", Origin(appliance)), appliance.MaxConcurrency, _clock);
    }

    /// <summary>Captures of an appliance, as one token sees it and with settings that decide what is read.</summary>
    internal ISharedCaptures Captures(DarktraceOptions appliance, InvestigatorOptions options)
    {
        var name = Name(
            "captures", _version, PackedFlows.Version.ToString(CultureInfo.InvariantCulture), Origin(appliance), appliance.PublicToken,
            options.Evidence.ToString(), options.MaxFlows.ToString(CultureInfo.InvariantCulture),
            options.MaxHosts.ToString(CultureInfo.InvariantCulture));
        return new SharedCaptures(new CaptureBoard(_link, _leases, _keys, name), _keys, options, _options.MostBytes, _clock, _logger);
    }

    public async ValueTask DisposeAsync()
    {
        await _leases.DisposeAsync().ConfigureAwait(false);
        await _link.DisposeAsync().ConfigureAwait(false);
    }

    private static string Origin(DarktraceOptions appliance) =>
        appliance.Host.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped).ToLowerInvariant();

    // Names of appliances are host names, and Redis need not know them.
    private static string Name(params string[] parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))))[..32];
}
