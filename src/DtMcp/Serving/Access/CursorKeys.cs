using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using DtMcp.Configuration;
using DtMcp.Traffic.Answers;

namespace DtMcp.Serving.Access;

/// <summary>
/// The keys that mark what callers are handed to hand back: the first marks, all are known, so that one can replace another while both
/// stand in the file. Each is derived from a secret (RFC 5869), so that the secret may serve for more one day.
/// </summary>
internal sealed class CursorKeys
{
    // 128 bits: nobody guesses it, and it costs an answer 22 letters.
    private const int MarkBytes = 16;

    // 64 hex digits are 256 bits; half of that is enough where somebody writes letters.
    private const int ShortestSecret = 32;

    // One that marks, one that is on its way out, and as many again for who is late.
    private const int MostKeys = 4;

    private static readonly string Setting = OptionCatalog.CursorKeyFile.Name;

    private readonly List<byte[]> _keys;

    private CursorKeys(List<byte[]> keys) => _keys = keys;

    /// <summary>How many there are.</summary>
    public int Count => _keys.Count;

    /// <summary>A key that nobody else has: cursors are good in this process, as long as it runs.</summary>
    public static CursorKeys OfProcess() => new([RandomNumberGenerator.GetBytes(32)]);

    /// <summary>Reads a secret a line; <c>#</c> starts a comment.</summary>
    /// <exception cref="SetupException">A line is none; the message names its number and nothing that stands in it.</exception>
    public static CursorKeys Parse(string text)
    {
        List<byte[]> keys = [];
        foreach (var (index, line) in text.Split('\n').Index())
        {
            var secret = line.Split('#')[0].Trim();
            if (secret.Length == 0)
            {
                continue;
            }

            if (secret.Length < ShortestSecret || secret.AsSpan().ContainsAnyExceptInRange('!', '~'))
            {
                throw new SetupException(FormattableString.Invariant(
                    $"Line {index + 1} of the file of {Setting} is no secret of {ShortestSecret} characters or more. ") +
                    "`openssl rand -hex 32` makes one.");
            }

            keys.Add(HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.ASCII.GetBytes(secret), 32, info: "dtmcp cursor"u8.ToArray()));
        }

        return keys.Count is > 0 and <= MostKeys
            ? new CursorKeys(keys)
            : throw new SetupException(FormattableString.Invariant(
                $"The file of {Setting} has {keys.Count} secrets. Put one to {MostKeys} in it, the newest first."));
    }

    /// <summary>The keys of the file, taken anew when it changes; without one a key of the process.</summary>
    /// <exception cref="SetupException">The file cannot be read.</exception>
    public static Func<CursorKeys> Open(ServingOptions options, TimeProvider clock, ILogger logger)
    {
        if (options.CursorKeyFile is not { } file)
        {
            var own = OfProcess();
            return () => own;
        }

        var watched = new WatchedFile<CursorKeys>(Setting, () => SecretFile.Read(Setting, file), Parse, clock, logger);
        return () => watched.Current;
    }

    /// <summary>The marks of a subject.</summary>
    /// <param name="subject">Their name; empty where nobody is known.</param>
    public ICursorSeal Of(string subject) => new Seal(this, subject);

    // A name has no control characters, so the end of one is no beginning of another.
    private static byte[] Bytes(string subject, string text) => Encoding.UTF8.GetBytes($"{subject}\0{text}");

    /// <summary>The same for the same subject and keys: an answer that is kept may be given to its own caller again.</summary>
    private sealed record Seal(CursorKeys Keys, string Subject) : ICursorSeal
    {
        public string Mark(string text) =>
            Base64Url.EncodeToString(HMACSHA256.HashData(Keys._keys[0], Bytes(Subject, text)).AsSpan(0, MarkBytes));

        public bool Fits(string text, string mark)
        {
            if (!Base64Url.IsValid(mark) || Base64Url.DecodeFromChars(mark) is not { Length: MarkBytes } given)
            {
                return false;
            }

            var told = Bytes(Subject, text);
            var fits = false;
            foreach (var key in Keys._keys)
            {
                fits |= CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(key, told).AsSpan(0, MarkBytes), given);
            }

            return fits;
        }
    }
}
