//% param word, image, sizes
// Word k of a row of the product that a convolution is: what the window of pixel `row` sees, place after place.
fn window(row: u32, k: u32) -> {{ word }} {
  let place = k / {{ sizes }}.channels;
  // Above the first row and left of the first column this wraps around, and is outside as well.
  let y = row / {{ sizes }}.width + place / 3u - 1u;
  let x = row % {{ sizes }}.width + place % 3u - 1u;
  if (y < {{ sizes }}.height && x < {{ sizes }}.width) {
    return {{ image }}[(y * {{ sizes }}.width + x) * {{ sizes }}.channels + k % {{ sizes }}.channels];
  }
  return {{ word }}();
}
