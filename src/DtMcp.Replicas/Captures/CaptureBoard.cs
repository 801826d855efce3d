using DtMcp.Replicas.Leasing;
using DtMcp.Replicas.Sealing;
using DtMcp.Replicas.Wire;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Evidence.Packing;
using StackExchange.Redis;

namespace DtMcp.Replicas.Captures;

/// <summary>What stands on the board: readings under way and captures, by id.</summary>
internal sealed record BoardView(
    string Version, IReadOnlyDictionary<string, CaptureKey> Readings, IReadOnlyDictionary<string, CaptureHead> Captures);

/// <summary>
/// The board in Redis on which replicas tell what they read and what they have. All that is told is sealed: Redis, and who can read it,
/// learns how much there is and when. Everything ends by itself.
/// </summary>
/// <param name="link">Redis.</param>
/// <param name="leases">Keeps readings under way.</param>
/// <param name="keys">The keys as they are now.</param>
/// <param name="name">The name of the appliance, its settings and this version of the program among the keys.</param>
internal sealed class CaptureBoard(RedisLink link, Leases leases, Func<KeyRing> keys, string name)
{
    /// <summary>More than a team asks within an hour; their heads are a dozen KiB.</summary>
    private const int MostCaptures = 64;

    private readonly string _ends = $"dtmcp:{{{name}}}:reading-ends";
    private readonly string _bytes = $"dtmcp:{{{name}}}:bytes:";
    private readonly RedisKey[] _keys =
    [
        $"dtmcp:{{{name}}}:version", $"dtmcp:{{{name}}}:reading", $"dtmcp:{{{name}}}:reading-ends", $"dtmcp:{{{name}}}:captures",
        $"dtmcp:{{{name}}}:capture-ends", $"dtmcp:{{{name}}}:capture-sizes",
    ];

    /// <summary>The board, or the one known where nothing has changed; null where Redis does not answer.</summary>
    public async Task<BoardView?> LookAsync(BoardView? known, CancellationToken cancellationToken)
    {
        var (isAnswered, answer) = await AskAsync(BoardScripts.Look, cancellationToken, known?.Version ?? "").ConfigureAwait(false);
        if (!isAnswered || (RedisResult[]?)answer is not [var version, ..] parts)
        {
            return null;
        }

        return parts.Length == 1 && known is not null ? known : new BoardView(
            (string)version!,
            Told(parts[1], "reading", PackedCapture.ReadKey),
            Told(parts[2], "capture", PackedCapture.ReadHead));
    }

    /// <summary>The id of a reading that begins; null where the board has changed, and not answered where Redis has not.</summary>
    public async Task<(bool IsAnswered, string? Id)> BeginAsync(BoardView seen, CaptureKey key, CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid().ToString("N");
        var head = Sealed(id, "reading", writer => PackedCapture.WriteKey(writer, key));
        var (isAnswered, answer) = await AskAsync(BoardScripts.Begin, cancellationToken, seen.Version, id, head, Leases.LengthMs)
            .ConfigureAwait(false);
        if (!isAnswered || (int)answer! == 0)
        {
            return (isAnswered, null);
        }

        leases.Hold(_ends, id);
        return (true, id);
    }

    /// <summary>A reading ends without a capture.</summary>
    public void End(string id)
    {
        leases.Drop(_ends, id);
        link.Tell(redis => redis.ScriptEvaluateAsync(BoardScripts.End, _keys, [id], CommandFlags.NoScriptCache));
    }

    /// <summary>A reading ends with a capture.</summary>
    /// <param name="id">The reading, or a new one.</param>
    /// <param name="head">What is told of it.</param>
    /// <param name="packed">What it holds.</param>
    /// <param name="lasts">How long it may serve.</param>
    /// <param name="mostBytes">Bytes of all captures.</param>
    public async Task<bool> GiveAsync(string id, CaptureHead head, byte[] packed, TimeSpan lasts, long mostBytes)
    {
        var place = _bytes + id;
        var isKept = await link.AskAsync(redis => redis.StringSetAsync(place, packed, lasts), true, CancellationToken.None)
            .ConfigureAwait(false);
        leases.Drop(_ends, id);
        if (!isKept.IsAnswered)
        {
            return false;
        }

        var told = Sealed(id, "capture", writer => PackedCapture.WriteHead(writer, head));
        var (isGiven, _) = await AskAsync(BoardScripts.Give, CancellationToken.None, id, told, packed.LongLength,
            (long)lasts.TotalMilliseconds, MostCaptures, mostBytes, _bytes).ConfigureAwait(false);
        return isGiven;
    }

    /// <summary>The bytes of a capture; null where they are gone or Redis does not answer.</summary>
    public async Task<byte[]?> TakeAsync(string id, CancellationToken cancellationToken) =>
        (await link.AskAsync(redis => redis.StringGetAsync(_bytes + id), true, cancellationToken).ConfigureAwait(false)).Value;

    public void Remove(string id) =>
        link.Tell(redis => redis.ScriptEvaluateAsync(BoardScripts.Remove, _keys, [id], CommandFlags.NoScriptCache));

    /// <summary>Where the bytes of a capture are sealed for.</summary>
    public string PlaceOf(string id) => _bytes + id;

    private Task<(bool IsAnswered, RedisResult? Value)> AskAsync(
        string script, CancellationToken cancellationToken, params RedisValue[] arguments) =>
        link.AskAsync(redis => redis.ScriptEvaluateAsync(script, _keys, arguments, CommandFlags.NoScriptCache), false, cancellationToken);

    private byte[] Sealed(string id, string kind, Action<BinaryWriter> write)
    {
        using var plain = new MemoryStream();
        using (var writer = new BinaryWriter(plain, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            write(writer);
        }

        return keys().Seal(plain.ToArray(), $"{name} {kind} {id}");
    }

    // What was changed, or is of a key that is not here, is not seen.
    private Dictionary<string, T> Told<T>(RedisResult pairs, string kind, Func<BinaryReader, T> read)
    {
        Dictionary<string, T> told = [];
        var (ring, values) = (keys(), (RedisResult[]?)pairs ?? []);
        for (var i = 0; i + 1 < values.Length; i += 2)
        {
            if ((string?)values[i] is not { } id || ring.Open((byte[]?)values[i + 1], $"{name} {kind} {id}") is not { } plain)
            {
                continue;
            }

            try
            {
                using var reader = new BinaryReader(new MemoryStream(plain));
                told[id] = read(reader);
            }
            catch (Exception error) when (error is InvalidDataException or IOException or FormatException)
            {
                // Sealed by a program that has other forms.
            }
        }

        return told;
    }
}
