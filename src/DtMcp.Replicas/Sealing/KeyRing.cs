using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace DtMcp.Replicas.Sealing;

/// <summary>
/// The keys that replicas have in common: the first seals, all open, so that they can be changed one replica at a time. What is sealed
/// (AES-256-GCM) can neither be read nor changed, nor put in another's place, by who has none of them.
/// </summary>
public sealed class KeyRing
{
    /// <summary>As many characters as 24 random bytes have in base64.</summary>
    public const int ShortestKey = 32;

    private const int IdBytes = 4;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int HeadBytes = IdBytes + NonceBytes + TagBytes;

    private readonly List<(uint Id, byte[] Key)> _keys = [];

    private KeyRing()
    {
    }

    /// <summary>How many there are.</summary>
    public int Count => _keys.Count;

    /// <summary>
    /// Reads a line a key; <c>#</c> starts a comment. Null where a line is too short or holds a blank, or where there is none.
    /// </summary>
    /// <param name="text">What the file of keys holds.</param>
    /// <param name="line">The number of the line that is no key; 0 for a file without one.</param>
    public static KeyRing? Parse(string text, out int line)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ring = new KeyRing();
        line = 0;
        foreach (var (index, raw) in text.Split('\n').Index())
        {
            var key = raw.Split('#')[0].Trim();
            if (key.Length == 0)
            {
                continue;
            }

            if (key.Length < ShortestKey || key.AsSpan().ContainsAnyExceptInRange('!', '~'))
            {
                line = index + 1;
                return null;
            }

            // What else the same secret may be used for gets other keys of it.
            var derived = HKDF.DeriveKey(
                HashAlgorithmName.SHA256, Encoding.ASCII.GetBytes(key), 32, info: "DtMcp shared captures"u8.ToArray());
            ring._keys.Add((BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(derived)), derived));
        }

        return ring._keys.Count > 0 ? ring : null;
    }

    /// <summary>Seals with the first key.</summary>
    /// <param name="plain">What nobody else may read or change.</param>
    /// <param name="place">Where it will stand: it opens nowhere else.</param>
    public byte[] Seal(ReadOnlySpan<byte> plain, string place)
    {
        var sealedBytes = new byte[HeadBytes + plain.Length];
        var (id, key) = _keys[0];
        BinaryPrimitives.WriteUInt32LittleEndian(sealedBytes, id);
        var nonce = sealedBytes.AsSpan(IdBytes, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Encrypt(nonce, plain, sealedBytes.AsSpan(HeadBytes), sealedBytes.AsSpan(IdBytes + NonceBytes, TagBytes),
            Encoding.UTF8.GetBytes(place));
        return sealedBytes;
    }

    /// <summary>Opens what one of the keys sealed for this place; null for anything else.</summary>
    public byte[]? Open(ReadOnlySpan<byte> sealedBytes, string place)
    {
        if (sealedBytes.Length < HeadBytes)
        {
            return null;
        }

        var id = BinaryPrimitives.ReadUInt32LittleEndian(sealedBytes);
        foreach (var (known, key) in _keys)
        {
            if (known != id)
            {
                continue;
            }

            var plain = new byte[sealedBytes.Length - HeadBytes];
            try
            {
                using var cipher = new AesGcm(key, TagBytes);
                cipher.Decrypt(sealedBytes.Slice(IdBytes, NonceBytes), sealedBytes[HeadBytes..],
                    sealedBytes.Slice(IdBytes + NonceBytes, TagBytes), plain, Encoding.UTF8.GetBytes(place));
                return plain;
            }
            catch (AuthenticationTagMismatchException)
            {
                // Another key may have the same number.
            }
        }

        return null;
    }
}
