using System.Security.Cryptography;
using System.Text;
using DtMcp.Configuration;
using DtMcp.Running;
using DtMcp.Tools.Arguments;

namespace DtMcp.Serving.Access;

/// <summary>
/// Tokens by name, of which only hashes are kept. They are random and long, so a plain SHA-256 tells nothing of them.
/// </summary>
internal sealed class TokenList
{
    /// <summary>What the one token of the settings is called.</summary>
    public const string OnlyName = "bearer";

    private static readonly string Setting = OptionCatalog.TokensFile.Name;

    private readonly List<(string Name, byte[] Digest, Reach Reach)> _entries = [];

    private TokenList()
    {
    }

    /// <summary>A list of one token.</summary>
    public static TokenList Of(string token)
    {
        var list = new TokenList();
        list._entries.Add((OnlyName, Digest(token), Reach.Everything));
        return list;
    }

    /// <summary>
    /// Reads a line a token: its name, a blank, its SHA-256 in hex, and what may be used with it (<see cref="Grants.Read"/>); <c>#</c>
    /// starts a comment. A name may have several.
    /// </summary>
    /// <param name="text">The file's.</param>
    /// <param name="appliances">Those that there are; null where that is not known.</param>
    /// <exception cref="SetupException">A line is none; the message names its number and nothing that stands in it.</exception>
    public static TokenList Parse(string text, IReadOnlyList<string>? appliances)
    {
        var list = new TokenList();
        foreach (var (index, line) in text.Split('\n').Index())
        {
            var words = line.Split('#')[0].Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
            {
                continue;
            }

            if (words is not [var name, { Length: 64 } hex, .. var may] || !IsName(name) || !hex.All(char.IsAsciiHexDigit))
            {
                throw new SetupException(FormattableString.Invariant(
                    $"Line {index + 1} of the file of {Setting} is no name and SHA-256. `dtmcp token NAME` makes one."));
            }

            var digest = Convert.FromHexString(hex);
            if (list.Find(digest) is not null)
            {
                throw new SetupException(FormattableString.Invariant(
                    $"Line {index + 1} of the file of {Setting} has a token that stands above it. Leave one of them."));
            }

            var grant = Grants.Read(may, appliances, FormattableString.Invariant($"Line {index + 1} of the file of {Setting}"));
            list._entries.Add((name, digest, grant is { Tools: null, Appliances: null } ? Reach.Everything : new Reach([grant])));
        }

        return list._entries.Count > 0
            ? list
            : throw new SetupException($"The file of {Setting} has no token. `dtmcp token NAME` makes one.");
    }

    public static bool IsName(string name) =>
        name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '@');

    /// <summary>A new token and its line of the file.</summary>
    /// <param name="name">Whose it is.</param>
    /// <param name="may">What may be used with it, in the words of the file.</param>
    /// <exception cref="SetupException">The name is none, or a word.</exception>
    public static (string Token, string Line) Make(string name, params IReadOnlyList<string> may)
    {
        Grants.Read(may, null, "The line of the token");
        if (!IsName(name))
        {
            throw new SetupException($"{Refusal.Shown(name)} is no name of a token. Use letters, digits, - _ . and @, at most 64.");
        }

        // 256 bits: nobody guesses it. The prefix lets scanners of secrets find it where it does not belong.
        var token = "dtmcp_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        return (token, string.Join(' ', may.Prepend($"{name} {Convert.ToHexStringLower(Digest(token))}")));
    }

    /// <summary>Digests are of one length: comparing them tells nothing about a token, not even its length.</summary>
    public static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Whose token has this digest; all are compared, whichever it is, each in constant time.</summary>
    public (string Name, Reach Reach)? Find(ReadOnlySpan<byte> digest)
    {
        (string Name, Reach Reach)? found = null;
        foreach (var (name, known, reach) in _entries)
        {
            if (CryptographicOperations.FixedTimeEquals(known, digest))
            {
                found = (name, reach);
            }
        }

        return found;
    }

    /// <summary>Each token's name, and what may be used with it.</summary>
    public IEnumerable<(string Who, Reach Reach)> Lines => _entries.Select(entry => (entry.Name, entry.Reach));
}
